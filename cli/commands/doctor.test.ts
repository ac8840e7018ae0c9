import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { describe, expect, onTestFinished, test } from 'vitest'
import { placeId, resolvePaths } from '../../course/paths.ts'
import { noteProgram } from '../../grader/record/program/processes/leftover-programs.ts'
import { examinePort } from '../doctor/examine-port.ts'
import { examinationLines } from './doctor.ts'

const plain = (lines: string[]) => lines.map(stripVTControlCharacters)

test('a line holds the mark, the label and what was found, and no line of prose is wider than 80 columns', () => {
  expect(plain(examinationLines('Disk', { good: true, says: '80 GB free' }))).toEqual([
    '✓ Disk       80 GB free',
  ])
  const remedy = ['other words '.repeat(12).trim(), '  npm ci']
  const long = plain(
    examinationLines('Browser', { good: false, says: 'many words '.repeat(20).trim(), remedy }),
  )
  expect(long[0]).toMatch(/^✗ Browser    many words/)
  expect(Math.max(...long.map((line) => line.length))).toBeLessThanOrEqual(80)
  expect(long.at(-1)).toBe(`${' '.repeat(15)}npm ci`)
})

test('a command is shown whole, however long, and control characters of others never reach the terminal', () => {
  const command = `  sudo chown -R somebody /${'folder/'.repeat(15)}`
  expect(
    plain(examinationLines('State', { good: false, says: 'x', remedy: [command] })).at(-1),
  ).toContain(command)
  expect(
    examinationLines('Port', { good: false, says: 'held by \x1b[2Jevil' }).join(''),
  ).not.toContain('\x1b[2J')
})

describe('the port', () => {
  const own = resolvePaths({ ROUNDTRIP_HOME: '/state' })
  async function serve(body: string): Promise<number> {
    const server = createServer((_request, response) => response.end(body)).listen(0, '127.0.0.1')
    await new Promise((resolve) => server.once('listening', resolve))
    onTestFinished(() => void server.close().closeAllConnections())
    return (server.address() as AddressInfo).port
  }

  test('free', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => server.once('listening', resolve))
    const { port } = server.address() as AddressInfo
    await new Promise((resolve) => server.close(resolve))
    expect(await examinePort(port, own)).toEqual({ good: true, says: `${port} is free` })
  })

  test('this very course is there', async () => {
    const place = placeId(own)
    const port = await serve(JSON.stringify({ server: 'roundtrip', course: 'HTTP', place }))
    expect(await examinePort(port, own)).toEqual({
      good: true,
      says: `${port} is where this course is read now: http://localhost:${port}`,
    })
  })

  test.each([
    { course: 'HTTP', place: placeId({ ...own, root: '/elsewhere' }) },
    { course: 'HTTP', place: placeId({ ...own, state: '/elsewhere' }) },
    // An older one does not say which it is.
    { course: 'HTTP' },
  ])('another Roundtrip is there: %j', async (answer) => {
    const port = await serve(JSON.stringify({ server: 'roundtrip', ...answer }))
    const { good, says, remedy } = await examinePort(port, own)
    expect(good).toBe(false)
    expect(says).toContain(`${port} is held by another Roundtrip (HTTP)`)
    expect(remedy?.[1]).toMatch(/^ {2}PORT=\d+ npm start$/)
  })

  test('another program: who, and the commands', async () => {
    const port = await serve('something else')
    const { good, says, remedy } = await examinePort(port, own)
    expect(good).toBe(false)
    expect(says).toContain(`process ${process.pid}`)
    expect(remedy).toContain(`  kill ${process.pid}`)
    expect(remedy?.[1]).toMatch(/^ {2}PORT=\d+ npm start$/)
  })

  test('no port at all', async () => {
    expect(await examinePort(Number.NaN, own)).toMatchObject({ good: false })
    expect(await examinePort(70_000, own)).toMatchObject({ good: false })
  })
})

describe('the command', () => {
  /** Runs it as a person does, on a state folder of its own. `extra` sets what is wrong. */
  async function run(extra: NodeJS.ProcessEnv): Promise<{ code: number | null; output: string }> {
    const home = mkdtempSync(join(tmpdir(), 'doctor-'))
    onTestFinished(() => rmSync(home, { recursive: true, force: true }))
    const child = spawn(process.execPath, [join(resolvePaths({}).root, 'cli/main.ts'), 'doctor'], {
      env: { ...process.env, NO_COLOR: '1', ROUNDTRIP_HOME: home, PORT: '0', ...extra },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let output = ''
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => (output += text))
    const code = await new Promise<number | null>((resolve) => child.once('close', resolve))
    return { code, output }
  }

  test('all is well: exit code 0, with the browser opened', async () => {
    const { findTestBrowser } = await import('../../test/test-browser.ts')
    const { executablePath, env } = await findTestBrowser()
    const { code, output } = await run({ ...env, PUPPETEER_EXECUTABLE_PATH: executablePath })
    expect(output).toMatch(/✓ Browser {4}Chrome\/[\d.]+, started in \d\.\d\d s/)
    expect(output).toMatch(/✓ Class {6}For a class only: this machine can/)
    expect(output).toContain('All is well.')
    expect(code).toBe(0)
  })

  test('a browser that is none, and a damaged progress file: exit code 3, each with its remedy', async () => {
    const home = mkdtempSync(join(tmpdir(), 'doctor-'))
    onTestFinished(() => rmSync(home, { recursive: true, force: true }))
    writeFileSync(join(home, 'roundtrip.sqlite'), 'no database '.repeat(20))
    const { code, output } = await run({
      ROUNDTRIP_HOME: home,
      PUPPETEER_EXECUTABLE_PATH: join(home, 'nothing'),
    })
    expect(output).toMatch(/✗ Progress +This is not a progress file/)
    expect(output).toMatch(/✗ Browser +PUPPETEER_EXECUTABLE_PATH is/)
    expect(output).toMatch(/2 of 1[01] need fixing\./)
    expect(output).not.toMatch(/^ +at /m)
    expect(code).toBe(3)
  })

  test.skipIf(process.platform === 'win32')(
    'a program of a grading that was killed is ended, and told',
    async () => {
      const home = mkdtempSync(join(tmpdir(), 'doctor-'))
      onTestFinished(() => rmSync(home, { recursive: true, force: true }))
      const program = spawn('/bin/sh', ['-c', 'sleep 300'], { detached: true, stdio: 'ignore' })
      const ended = new Promise((resolve) => program.once('exit', (_, signal) => resolve(signal)))
      const notes = join(home, 'programs')
      noteProgram(notes, program.pid!)
      const file = join(notes, `${program.pid}.json`)
      await expect
        .poll(() => existsSync(file) && readFileSync(file, 'utf8').endsWith('}'))
        .toBe(true)
      const note = JSON.parse(readFileSync(file, 'utf8'))
      writeFileSync(file, JSON.stringify({ ...note, grader: { ...note.grader, at: 'long ago' } }))

      const { output } = await run({
        ROUNDTRIP_HOME: home,
        PUPPETEER_EXECUTABLE_PATH: join(home, 'nothing'),
      })
      expect(output).toMatch(/✓ Programs +1 that a killed grading had left running, ended now/)
      expect(await ended).toBe('SIGKILL')
    },
  )
})
