import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brotliCompressSync, constants } from 'node:zlib'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { inflate, inflateTar, tarFiles } from './inflate.ts'

let folder: string
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'inflate-'))))
afterEach(() => rmSync(folder, { recursive: true, force: true }))

interface Entry {
  name: string
  prefix?: string
  type?: string
  mode?: number
  content?: string
}

function tar(...entries: Entry[]): Buffer {
  const blocks = entries.flatMap(
    ({ name, prefix = '', type = '0', mode = 0o644, content = '' }) => {
      const head = Buffer.alloc(512)
      head.write(name, 0)
      head.write(mode.toString(8).padStart(7, '0'), 100)
      head.write(content.length.toString(8).padStart(11, '0'), 124)
      head.write(type, 156)
      head.write(prefix, 345)
      return [head, Buffer.from(content.padEnd(Math.ceil(content.length / 512) * 512, '\0'))]
    },
  )
  return Buffer.concat([...blocks, Buffer.alloc(1024)])
}

it('reads files of every length, in folders and with a split name, and leaves out the rest', () => {
  const files = tarFiles(
    tar(
      { name: 'fonts/', type: '5' },
      { name: 'empty' },
      { name: 'exact', content: 'x'.repeat(512) },
      { name: 'longer', content: 'y'.repeat(513), mode: 0o755 },
      { name: 'link', type: '2' },
      { name: 'Regular.ttf', prefix: 'fonts/Open_Sans', content: 'ttf' },
    ),
  )
  expect(files.map(({ name, executable, content }) => [name, executable, content.length])).toEqual([
    ['empty', false, 0],
    ['exact', false, 512],
    ['longer', true, 513],
    [join('fonts', 'Open_Sans', 'Regular.ttf'), false, 3],
  ])
})

it.each(['../evil', '/etc/passwd', 'lib/../../evil'])(
  'refuses a file that would land outside: %s',
  (name) => {
    expect(() => tarFiles(tar({ name, content: 'x' }))).toThrow('outside its folder')
  },
)

it('unpacks a compressed archive', () => {
  const archive = join(folder, 'a.tar.br')
  writeFileSync(
    archive,
    brotliCompressSync(tar({ name: 'lib/libnss3.so', content: 'elf', mode: 0o755 })),
  )
  inflateTar(archive, join(folder, 'out'))
  expect(readFileSync(join(folder, 'out/lib/libnss3.so'), 'utf8')).toBe('elf')
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
  if (process.platform !== 'win32') expect(statSync(join(folder, 'shell')).mode & 0o777).toBe(0o700)
})

it('rejects what is not compressed so', async () => {
  writeFileSync(join(folder, 'shell.br'), 'not brotli at all, not even a little')
  await expect(
    inflate(join(folder, 'shell.br'), join(folder, 'shell'), { onFraction: () => {} }),
  ).rejects.toThrow()
})
