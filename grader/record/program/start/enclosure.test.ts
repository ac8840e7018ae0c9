import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { createClock } from '../../timing/clock.ts'
import { createAdaptiveTimeout } from '../../timing/deadline.ts'
import { startProcessGroup } from '../processes/process-group.ts'
import { prepareProgram, startProgram, type Program } from '../learner-program.ts'
import { asItEnded, type Enclosure, type Needs } from './enclosure.ts'
import { endWaiting } from './held-programs.ts'
import { nodeCommand } from './node-command.ts'

let dir: string
beforeAll(() => void (dir = realpathSync(mkdtempSync(join(tmpdir(), 'roundtrip-enclosure-')))))
afterEach(() => endWaiting())
afterAll(() => rmSync(dir, { recursive: true, force: true }))

/** As bubblewrap does, a shell stays beside the program and ends as that did. */
function enclosing() {
  const asked: { line: readonly string[]; needs: Needs }[] = []
  const enclosure: Enclosure = (line, needs) => {
    asked.push({ line, needs })
    return ['/bin/sh', '-c', 'ENCLOSED=yes "$@"; exit $?', 'sh', ...line]
  }
  return { asked, enclosure }
}

function start(program: Program, enclosure: Enclosure) {
  return startProgram(program, {
    clock: createClock(),
    signal: new AbortController().signal,
    enclosure,
  })
}

const serving = `require('http').createServer((q, s) => s.end(process.env.ENCLOSED)).listen(process.env.PORT)`
const write = (name: string, text: string) => writeFileSync(join(dir, name), text)

describe('an enclosed program', () => {
  test.each<[string, () => Program]>([
    ['of files', () => ({ kind: 'files', dir, entry: 'server.js', label: 'server.js' })],
    ['of a command', () => ({ kind: 'command', dir, command: `"${process.execPath}" server.js` })],
  ])('%s runs in its enclosure, which is told what it needs to see', async (_, program) => {
    write('server.js', serving)
    const { asked, enclosure } = enclosing()
    const running = await start(program(), enclosure)
    try {
      expect(await (await fetch(`http://127.0.0.1:${running.port}/`)).text()).toBe('yes')
      expect(asked).toHaveLength(1)
      const { needs } = asked[0]!
      expect(needs.dir).toBe(dir)
      expect(needs.reads.some((path) => path.endsWith('/node_modules'))).toBe(true)
      expect(needs.reads.every((path) => path.startsWith('/') && !path.includes('*'))).toBe(true)
      expect(needs.reads.join('\n')).not.toMatch(/exercises|solution|checks/)
    } finally {
      await running.end()
    }
  })

  test('that is called is called in there', async () => {
    write('client.mjs', `export const where = async () => process.env.ENCLOSED`)
    const { asked, enclosure } = enclosing()
    const program: Program = { kind: 'client', dir, entry: 'client.mjs', label: 'client.mjs' }
    const running = await start(program, enclosure)
    try {
      expect(await running.call!('where', [], createAdaptiveTimeout())).toMatchObject({
        value: 'yes',
      })
      expect(asked[0]!.needs.reads.some((path) => path.endsWith('client-driver.mjs'))).toBe(true)
    } finally {
      await running.end()
    }
  })

  test('does not take the place of one that waits without an enclosure', async () => {
    write('server.js', serving)
    const program: Program = { kind: 'files', dir, entry: 'server.js', label: 'server.js' }
    prepareProgram(program, 1)
    const { asked, enclosure } = enclosing()
    const running = await start(program, enclosure)
    try {
      expect(await (await fetch(`http://127.0.0.1:${running.port}/`)).text()).toBe('yes')
      expect(asked).toHaveLength(1)
    } finally {
      await running.end()
    }
  })

  test('that a scenario ends by a signal ended by that signal, or as it chose', async () => {
    const { enclosure } = enclosing()
    const program: Program = { kind: 'files', dir, entry: 'server.js', label: 'server.js' }
    const endings = [
      [serving, { code: null, signal: 'SIGTERM' }],
      [`process.on('SIGTERM', () => process.exit(0)); ${serving}`, { code: 0, signal: null }],
      [`process.on('SIGTERM', () => process.exit(9)); ${serving}`, { code: 9, signal: null }],
      [`process.on('SIGTERM', () => process.exit(143)); ${serving}`, { code: 143, signal: null }],
    ] as const
    for (const [text, end] of endings) {
      write('server.js', text)
      const running = await start(program, enclosure)
      try {
        const control = running.lives!.control(createAdaptiveTimeout(), async () => {})
        await control.kill('SIGTERM')
        expect(await control.exited()).toMatchObject(end)
      } finally {
        await running.end()
      }
    }
  })
})

describe('an enclosure that does not start its program', () => {
  const says = 'bwrap: Creating new namespace failed: Resource temporarily unavailable'
  const kinds: readonly Program[] = [
    { kind: 'files', dir: tmpdir(), entry: 'server.js', label: 'server.js' },
    { kind: 'client', dir: tmpdir(), entry: 'client.mjs', label: 'client.mjs' },
    { kind: 'command', dir: tmpdir(), command: 'true' },
  ]
  const lines = [
    [`echo '${says}' >&2; exit 1`, says],
    [
      'echo "prlimit: failed to execute" >&2; echo more >&2; exit 127',
      'prlimit: failed to execute',
    ],
    ['exit 143', 'It ended with SIGTERM.'],
    ['kill -KILL $$', 'It ended with SIGKILL.'],
    ['exit 0', 'It ended with exit code 0.'],
  ] as const
  test.each(kinds.flatMap((program) => lines.map((line) => ({ program, line }))))(
    'is a fault of ours: $program.kind, $line.0',
    async ({ program, line: [script, shown] }) => {
      await expect(start(program, () => ['/bin/sh', '-c', script])).rejects.toMatchObject({
        name: 'GraderError',
        message: `The program's box did not start: ${shown}`,
      })
    },
  )

  test('is told from a program that says the same, whenever it does', async () => {
    const { enclosure } = enclosing()
    for (const text of [`console.error('begun')`, '', `process.stdout.write('\\n')`]) {
      write('server.js', `${text}; console.error('${says}'); process.exit(1)`)
      const programs: Program[] = [
        { kind: 'files', dir, entry: 'server.js', label: 'server.js' },
        { kind: 'command', dir, command: `"${process.execPath}" server.js` },
        { kind: 'client', dir, entry: 'server.js', label: 'server.js' },
      ]
      for (const program of programs)
        await expect(start(program, enclosure)).rejects.toMatchObject({ id: 'exits' })
    }
  })

  test('is not feigned by what a program says of itself', async () => {
    write(
      'server.js',
      `const fs = require('fs')
       for (const text of ['', 'exit 0\\n', 'begun\\n', 'x'.repeat(5000)]) fs.writeSync(4, text)
       fs.closeSync(4)
       process.exit(1)`,
    )
    const program: Program = { kind: 'files', dir, entry: 'server.js', label: 'server.js' }
    await expect(start(program, enclosing().enclosure)).rejects.toMatchObject({ id: 'exits' })
  })
})

test.each<[string, number | null, NodeJS.Signals | null]>([
  ['process.exit(143)', 143, null],
  ['process.exitCode = 143', 143, null],
  ['process.exit(137)', 137, null],
  ['process.exit(129)', 129, null],
  ['process.exit(128)', 128, null],
  ["process.kill(process.pid, 'SIGTERM'); setTimeout(() => {}, 60_000)", null, 'SIGTERM'],
  ["process.kill(process.pid, 'SIGKILL'); setTimeout(() => {}, 60_000)", null, 'SIGKILL'],
  ['process.abort()', null, 'SIGABRT'],
  ["process.on('exit', () => process.kill(process.pid, 'SIGKILL'))", null, 'SIGKILL'],
])('%s in an enclosure ends with %s, %s', async (text, code, signal) => {
  write('server.js', text)
  const [command, args] = nodeCommand(dir, join(dir, 'server.js'), [], {
    enclosure: enclosing().enclosure,
  })
  const options = { cwd: dir, env: process.env, clock: createClock(), enclosed: true }
  const group = await startProcessGroup(command, args, options)
  expect(await group.exited).toMatchObject({ code, signal })
  expect(group.begun()).toBe(true)
  await group.end()
})

test.each<
  [number | null, NodeJS.Signals | null, number | null, number | null, NodeJS.Signals | null]
>([
  [0, null, 0, 0, null],
  [1, null, null, 1, null],
  [128, null, null, 128, null],
  [137, null, null, null, 'SIGKILL'],
  [139, null, null, null, 'SIGSEGV'],
  [143, null, null, null, 'SIGTERM'],
  [143, null, 143, 143, null],
  [143, null, 0, null, 'SIGTERM'],
  [255, null, null, 255, null],
  [null, 'SIGKILL', 0, null, 'SIGKILL'],
])('an end with %s, %s, of which it said %s, is one with %s, %s', (code, signal, said, ...end) => {
  const [endedWith, endedBy] = end
  expect(asItEnded(code, signal, said)).toEqual({ code: endedWith, signal: endedBy })
})
