import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { LARGEST_FILE } from './read-file.ts'

const dir = mkdtempSync(join(tmpdir(), 'roundtrip-files-'))
const socket = createServer()
const at = (name: string) => join(dir, name)
let outcomes: Readonly<Record<string, string>>

const MEGABYTES = LARGEST_FILE / 1024 ** 2
const cases = {
  file: '5 bytes',
  'link-to-file': '5 bytes',
  empty: '0 bytes',
  'as-large-as-allowed': `${LARGEST_FILE} bytes`,
  'too-large': `UnusableFile it is larger than ${MEGABYTES} MB`,
  'very-large': `UnusableFile it is larger than ${MEGABYTES} MB`,
  folder: 'UnusableFile it is a folder, not a file',
  pipe: 'UnusableFile it is a named pipe, not a file',
  'link-to-pipe': 'UnusableFile it is a named pipe, not a file',
  zero: 'UnusableFile it is a device, not a file',
  terminal: 'UnusableFile it is a device, not a file',
  socket: 'UnusableFile it is a socket, not a file',
  nothing: 'Error ENOENT',
  'link-to-nothing': 'Error ENOENT',
  'link-to-itself': 'Error ELOOP',
}

/** In a process of its own: one that waited for a pipe could not be interrupted. */
function readEach(names: readonly string[]): Record<string, string> {
  const module = pathToFileURL(join(import.meta.dirname, 'read-file.ts')).href
  const script = `
    import { readOrdinaryFile } from ${JSON.stringify(module)}
    const outcome = (path) => {
      try {
        return readOrdinaryFile(path).length + ' bytes'
      } catch (error) {
        return error.name + ' ' + (error.code ?? error.message)
      }
    }
    const names = ${JSON.stringify(names)}
    console.log(JSON.stringify(Object.fromEntries(names.map((name) => [name, outcome(name)]))))`
  const printed = execFileSync(process.execPath, ['--input-type=module', '-e', script], {
    cwd: dir,
    encoding: 'utf8',
    timeout: 30_000,
    killSignal: 'SIGKILL',
  })
  return JSON.parse(printed) as Record<string, string>
}

describe.skipIf(process.platform === 'win32')(
  'reading what a learner has in place of a file',
  () => {
    beforeAll(async () => {
      writeFileSync(at('file'), 'hello')
      symlinkSync('file', at('link-to-file'))
      for (const [name, size] of [
        ['empty', 0],
        ['as-large-as-allowed', LARGEST_FILE],
        ['too-large', LARGEST_FILE + 1],
        ['very-large', 300 * 1024 ** 2],
      ] as const) {
        writeFileSync(at(name), '')
        // Without blocks of its own on the disk.
        truncateSync(at(name), size)
      }
      mkdirSync(at('folder'))
      execFileSync('mkfifo', [at('pipe')])
      symlinkSync('pipe', at('link-to-pipe'))
      symlinkSync('/dev/zero', at('zero'))
      symlinkSync('/dev/tty', at('terminal'))
      symlinkSync('nowhere', at('link-to-nothing'))
      symlinkSync('link-to-itself', at('link-to-itself'))
      await new Promise<void>((resolve) => socket.listen(at('socket'), resolve))
      outcomes = readEach(Object.keys(cases))
    })
    afterAll(async () => {
      await new Promise((resolve) => socket.close(resolve))
      rmSync(dir, { recursive: true, force: true })
    })

    test.each(Object.entries(cases))('%s: %s', (name, expected) => {
      expect(outcomes[name]).toBe(expected)
    })

    test.skipIf(process.platform !== 'linux')('a file of the system’s that gives no size', () => {
      expect(readEach(['/proc/self/status'])['/proc/self/status']).toMatch(/^[1-9]\d* bytes$/)
    })
  },
)
