import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { processLives } from '../../../testing/process-lives.ts'
import { StartupError } from '../../types/errors.ts'
import { createClock } from '../timing/clock.ts'
import { startProgram } from './learner-program.ts'
import { parsePs } from './processes/started-by-command.ts'

let root: string
beforeAll(() => void (root = mkdtempSync(join(tmpdir(), 'roundtrip-background-'))))
afterAll(() => rmSync(root, { recursive: true, force: true }))

const APP = `
import { createServer } from 'node:http'
import { writeFileSync } from 'node:fs'
writeFileSync('pid', String(process.pid))
createServer((_, response) => response.end('hello')).listen(process.env.PORT, '127.0.0.1')`
const SPAWNS_DETACHED = `
import { spawn } from 'node:child_process'
spawn(process.execPath, ['app.mjs'], { detached: true, stdio: 'ignore' }).unref()`
const DEAF = `process.on('SIGTERM', () => {})\n${APP}`

let folders = 0
function start(line: string) {
  const dir = join(root, String(++folders))
  mkdirSync(dir)
  for (const [name, text] of Object.entries({
    'app.mjs': APP,
    'spawns.mjs': SPAWNS_DETACHED,
    'deaf.mjs': DEAF,
  }))
    writeFileSync(join(dir, name), text)
  const command = line.replaceAll(/\bnode /g, `"${process.execPath}" `)
  const starting = startProgram(
    { kind: 'command', command, dir },
    { clock: createClock(), signal: new AbortController().signal },
  )
  return { starting, pid: () => Number(readFileSync(join(dir, 'pid'), 'utf8')) }
}

// Processes that left their group are found in /proc.
describe
  .skipIf(process.platform !== 'linux')
  .concurrent('a command that goes into the background', () => {
    test.each<[words: string, line: string, left: string]>([
      ['by setsid', 'setsid -f node app.mjs', 'node app.mjs'],
      ['by &', 'node app.mjs &', 'node app.mjs'],
      ['by & without its terminal', 'nohup node app.mjs >/dev/null 2>&1 &', 'node app.mjs'],
      ['out of a second shell', '(setsid node app.mjs &)', 'node app.mjs'],
      ['by itself', 'node spawns.mjs', 'node app.mjs'],
      ['deaf to the signal', 'setsid -f node deaf.mjs', 'node deaf.mjs'],
      ['without a server', 'sleep 300 & exit 0', 'sleep 300'],
    ])('%s is told so, and what it left is ended', async (_, line, left) => {
      const told: unknown = await start(line).starting.then(
        (running) => running.end(),
        (error: unknown) => error,
      )
      expect(told).toBeInstanceOf(StartupError)
      const { id, message } = told as StartupError
      expect(id).toBe('background')
      const [, command, pid] =
        /^Your command went into the background: it ended with code 0 and left (.+) \(process (\d+)\) running, which the grader ended\. Start it in the foreground, /.exec(
          message,
        ) ?? []
      expect(command).toBe(left)
      expect(processLives(Number(pid))).toBe(false)
    })

    test('in a session that its shell waits for is graded, and ended with it', async () => {
      const { starting, pid } = start('setsid node app.mjs; true')
      const running = await starting
      expect(await (await fetch(`http://127.0.0.1:${running.port}/`)).text()).toBe('hello')
      await running.end()
      expect(processLives(pid())).toBe(false)
    })

    test('has to leave something there: true alone does not', async () => {
      const { starting } = start('true')
      await expect(starting).rejects.toMatchObject({
        id: 'exits',
        message:
          'Your program exited with code 0 before it listened on its port. A server stays alive while it listens; does your program call listen()?',
      })
    })

    test('after an error is told the error', async () => {
      const { starting } = start('sleep 300 & exit 7')
      await expect(starting).rejects.toMatchObject({
        id: 'exits',
        message: 'Your program exited with code 7 before it listened on its port.',
      })
    })
  })

test('a server that the command asked another to start is left running, and named so', async () => {
  const dir = join(root, 'service')
  mkdirSync(dir)
  const request = join(dir, 'port')
  const service = createServer((_, response) => response.end('a service'))
  const starting = startProgram(
    // A container's server has nothing of the command's environment; here this process is it.
    { kind: 'command', command: 'echo $PORT > port.tmp && mv port.tmp port; sleep 0.3', dir },
    { clock: createClock(), signal: new AbortController().signal },
  )
  starting.catch(() => {})
  const port = await expect
    .poll(() => Number(readFileSync(request, 'utf8')))
    .toBeGreaterThan(0)
    .then(() => Number(readFileSync(request, 'utf8')))
  await new Promise<void>((resolve) => service.listen(port, '127.0.0.1', resolve))
  await expect(starting).rejects.toMatchObject({
    id: 'background',
    message: expect.stringMatching(
      /^Your command ended with code 0, and what listens on port \d+ now is not a process of its own .* It was left running: end it\. /,
    ),
  })
  expect(service.listening).toBe(true)
  service.close()
})

test('ps tells the environment after the arguments', () => {
  const output = [
    '  811 node app.mjs PATH=/usr/bin PORT=40123 HOME=/home/a',
    '  812 node other.mjs PATH=/usr/bin PORT=401234',
    '  813 grep PORT=4012',
    'not a process',
    '',
  ].join('\n')
  expect(parsePs(output, 'PORT=40123')).toEqual([{ pid: 811, command: 'node app.mjs' }])
  expect(parsePs(output, 'PORT=40124')).toEqual([])
})
