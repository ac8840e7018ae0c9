import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { brotliCompressSync, constants } from 'node:zlib'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { inflate, inflateTar } from './inflate.ts'

let folder: string
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'inflate-'))))
afterEach(() => rmSync(folder, { recursive: true, force: true }))

interface Entry {
  name: string
  prefix?: string
  type?: string
  mode?: number
  content?: string
  link?: string
}

/** An archive in the format ustar (POSIX.1-1988). */
function tar(...entries: Entry[]): Buffer {
  const blocks = entries.flatMap(
    ({ name, prefix = '', type = '0', mode = 0o644, content = '', link = '' }) => {
      const head = Buffer.alloc(512)
      head.write(name, 0)
      head.write(mode.toString(8).padStart(7, '0'), 100)
      head.write(content.length.toString(8).padStart(11, '0'), 124)
      head.write('        ', 148)
      head.write(type, 156)
      head.write(link, 157)
      head.write('ustar\x0000', 257)
      head.write(prefix, 345)
      const checksum = head.reduce((sum, byte) => sum + byte, 0)
      head.write(`${checksum.toString(8).padStart(6, '0')}\0 `, 148)
      return [head, Buffer.from(content.padEnd(Math.ceil(content.length / 512) * 512, '\0'))]
    },
  )
  return Buffer.concat([...blocks, Buffer.alloc(1024)])
}

function unpack(archive: Buffer, signal?: AbortSignal): Promise<void> {
  const from = join(folder, 'a.tar.br')
  writeFileSync(from, brotliCompressSync(archive))
  return inflateTar(from, join(folder, 'out'), signal)
}

/** What was unpacked, by its path from `out`. */
function unpacked(): Record<string, number> {
  const files = readdirSync(join(folder, 'out'), { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name))
  return Object.fromEntries(
    files
      .toSorted()
      .map((file) => [relative(join(folder, 'out'), file), readFileSync(file).length]),
  )
}

it('unpacks files of every length, in folders and with a split name, and leaves out the rest', async () => {
  await unpack(
    tar(
      { name: 'fonts/', type: '5' },
      { name: 'empty' },
      { name: 'exact', content: 'x'.repeat(512) },
      { name: 'longer', content: 'y'.repeat(513), mode: 0o755 },
      { name: 'old-style', type: '\0', content: 'z' },
      { name: 'link', type: '2', link: 'longer' },
      { name: 'hard-link', type: '1', link: 'longer' },
      { name: 'device', type: '3' },
      { name: 'Regular.ttf', prefix: 'fonts/Open_Sans', content: 'ttf' },
    ),
  )
  expect(unpacked()).toEqual({
    empty: 0,
    exact: 512,
    longer: 513,
    'old-style': 1,
    [join('fonts', 'Open_Sans', 'Regular.ttf')]: 3,
  })
})

it('gives what it unpacks to this user alone', async () => {
  await unpack(
    tar(
      { name: 'lib/', type: '5', mode: 0o755 },
      { name: 'lib/libnss3.so', content: 'elf', mode: 0o755 },
      { name: 'lib/notes', content: 'text', mode: 0o666 },
    ),
  )
  const modes = ['lib', 'lib/libnss3.so', 'lib/notes'].map(
    (path) => statSync(join(folder, 'out', path)).mode & 0o777,
  )
  expect(modes).toEqual([0o700, 0o700, 0o600])
})

it.each(['../evil', 'lib/../../evil', 'lib/..'])(
  'refuses a file that would be outside: %s',
  async (name) => {
    await expect(unpack(tar({ name, content: 'x' }))).rejects.toThrow('outside')
    expect(readdirSync(folder).toSorted()).toEqual(['a.tar.br', 'out'])
  },
)

it('unpacks an absolute name below the folder, as tar(1) does', async () => {
  await unpack(tar({ name: '/etc/roundtrip', content: 'x' }))
  expect(unpacked()).toEqual({ [join('etc', 'roundtrip')]: 1 })
})

it.each<[what: string, damage: (archive: Buffer) => Buffer]>([
  ['is cut off within a file', (archive) => archive.subarray(0, 700)],
  ['is cut off within a head', (archive) => archive.subarray(0, 300)],
  ['has a head that was changed', (archive) => archive.fill('X', 10, 20)],
  ['is none', () => Buffer.from('not an archive '.repeat(100))],
])('rejects an archive that %s', async (_, damage) => {
  await expect(unpack(damage(tar({ name: 'a', content: 'x'.repeat(600) })))).rejects.toThrow()
})

it('stops with the signal', async () => {
  await expect(
    unpack(tar({ name: 'a', content: 'x' }), AbortSignal.abort(new Error('enough'))),
  ).rejects.toThrow()
})

it('inflates a large file, telling how far it is, and only this user may use it', async () => {
  const content = Buffer.alloc(5_000_000, 'roundtrip ')
  const fast = { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } }
  writeFileSync(join(folder, 'shell.br'), brotliCompressSync(content, fast))
  const fractions: number[] = []
  await inflate(join(folder, 'shell.br'), join(folder, 'shell'), {
    onFraction: (fraction) => fractions.push(fraction),
  })
  expect(readFileSync(join(folder, 'shell')).equals(content)).toBe(true)
  expect(fractions.at(-1)).toBe(1)
  expect(statSync(join(folder, 'shell')).mode & 0o777).toBe(0o700)
})

it('rejects what is not compressed so', async () => {
  writeFileSync(join(folder, 'shell.br'), 'not brotli at all, not even a little')
  await expect(
    inflate(join(folder, 'shell.br'), join(folder, 'shell'), { onFraction: () => {} }),
  ).rejects.toThrow()
})
