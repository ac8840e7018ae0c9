import { cpSync, existsSync, mkdirSync, readFileSync } from 'node:fs'
import { renameSync, rmSync, truncateSync, utimesSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, test, type ExpectStatic } from 'vitest'
import { shellWord } from '../course/shell-word.ts'
import { openStore } from '../store/open-store.ts'
import { authorsFile } from '../testing/authors-program-in-tests.ts'
import { createLearnerHome, root, type LearnerHome } from './learner-home.ts'
import { descendantsOf, processesOf, seesProcesses, stillRunning, untilGone } from './processes.ts'
import { startCommand, type RunningCommand } from './run-command.ts'

const EXERCISE = 'cookies-set-and-return'
const SOLUTION = authorsFile(EXERCISE, 'solution')
const GUESSABLE = authorsFile(EXERCISE, 'mutants/guessable')

describe.each([
  ['events', []],
  ['polling', ['--poll']],
] as const)('every way of saving, by %s', (_how, options) => {
  test(
    'gives one verdict, on the whole file',
    { timeout: 90_000 },
    async ({ expect, onTestFinished }) => {
      const home = await createLearnerHome(onTestFinished)
      const file = home.writeWork(`${EXERCISE}/server.ts`, authorsFile(EXERCISE, 'stub'))
      const watched = startCommand(home, ['watch', EXERCISE, ...options])
      await verdict(watched, 1)

      const saves: [string, string, (content: string) => Promise<void> | void][] = [
        ['in place', SOLUTION, (content) => writeFileSync(file, content)],
        ['a file of its own, renamed', GUESSABLE, (content) => replace(file, content)],
        ['emptied, and written after a while', SOLUTION, (content) => emptied(file, content)],
        ['in two halves', GUESSABLE, (content) => halves(file, content)],
        ['the old one put aside first', SOLUTION, (content) => aside(file, content)],
      ]
      for (const [index, [how, content, save]] of saves.entries()) {
        await save(content)
        expect(await verdict(watched, index + 2), how).toBe(
          content === SOLUTION ? 'Passed: 8 of 8' : 'Not yet: 7 of 8',
        )
      }

      writeFileSync(file, SOLUTION)
      await watched.printed(/Saved without a change\.\n$/)
      utimesSync(file, new Date(), new Date())
      await pause(600)
      expect(verdicts(watched)).toHaveLength(saves.length + 1)
      expect(watched.stdout()).not.toMatch(/✗ Your server starts/)

      expect(
        home
          .runs()
          .map(({ report }) => report.verdict)
          .toSorted(),
      ).toEqual(['failed', 'failed', 'failed', 'passed', 'passed', 'passed'])
      await quit(expect, home, watched)
    },
  )
})

test(
  'what a learner breaks on the way is told, and the next save is graded',
  { timeout: 90_000 },
  async ({ expect, onTestFinished }) => {
    const home = await createLearnerHome(onTestFinished)
    const file = home.writeWork(
      `${EXERCISE}/server.ts`,
      SOLUTION.replace('createServer', 'createServer('),
    )
    const watched = startCommand(home, ['watch', EXERCISE])
    expect(await verdict(watched, 1)).toBe('Not yet: 0 of 8')
    expect(watched.stdout()).toMatch(/Why {6}server\.ts line \d+: /)

    writeFileSync(file, SOLUTION)
    expect(await verdict(watched, 2)).toBe('Passed: 8 of 8')

    rmSync(dirname(file), { recursive: true })
    await watched.printed(/server\.ts is not there\. Waiting for it in/)
    mkdirSync(dirname(file))
    writeFileSync(file, GUESSABLE)
    expect(await verdict(watched, 3)).toBe('Not yet: 7 of 8')

    // The folder is another one now, and its files are watched like those of the first.
    writeFileSync(join(dirname(file), 'names.ts'), "export const cookie = 'session'\n")
    expect(await verdict(watched, 4)).toBe('Not yet: 7 of 8')
    writeFileSync(file, 'setTimeout(() => { throw new Error("on purpose") }, 50)\n')
    expect(await verdict(watched, 5)).toBe('Not yet: 0 of 8')
    expect(watched.stdout()).toMatch(/on purpose/)
    writeFileSync(file, SOLUTION)
    expect(await verdict(watched, 6)).toBe('Passed: 8 of 8')
    await quit(expect, home, watched)
  },
)

test.skipIf(!seesProcesses)(
  'a browser that was killed is started again',
  { timeout: 90_000 },
  async ({ expect, onTestFinished }) => {
    const home = await createLearnerHome(onTestFinished)
    const file = home.writeWork(`${EXERCISE}/server.ts`, GUESSABLE)
    const watched = startCommand(home, ['watch', EXERCISE])
    await verdict(watched, 1)
    const browser = descendantsOf(watched.pid).find(({ command }) =>
      /--remote-debugging-pipe/.test(command),
    )
    process.kill(browser!.pid, 'SIGKILL')
    writeFileSync(file, SOLUTION)
    expect(await verdict(watched, 2)).toBe('Passed: 8 of 8')
    await quit(expect, home, watched)
  },
)

test.skipIf(!seesProcesses)(
  'a save in the middle of the fifteen seconds ends that grading and begins anew',
  { timeout: 90_000 },
  async ({ expect, onTestFinished }) => {
    const home = await createLearnerHome(onTestFinished)
    const file = home.writeWork(
      'cookies-max-age/server.ts',
      authorsFile('cookies-max-age', 'solution'),
    )
    const watched = startCommand(home, ['watch', 'cookies-max-age'])
    await watched.printed(/sent +2 of 15/)
    const programs = descendantsOf(watched.pid).filter(({ command }) => command.includes(file))
    expect(programs.length).toBeGreaterThan(0)

    writeFileSync(file, authorsFile('cookies-max-age', 'mutants/milliseconds'))
    await watched.printed(
      /↻ Saved again: that grading was ended, and nothing of it is left running\.\n/,
    )
    expect(stillRunning(programs)).toEqual([])
    expect(await verdict(watched, 1)).toMatch(/^Not yet: /)
    expect(watched.stdout()).toMatch(/Max-Age counts seconds, not milliseconds/)
    expect(home.runs()).toHaveLength(1)
    await quit(expect, home, watched)
  },
)

test(
  'checks that do not load are told, and the next save of theirs is graded by',
  { timeout: 90_000 },
  async ({ expect, onTestFinished }) => {
    const home = await createLearnerHome(onTestFinished)
    const course = join(home.dir, 'course')
    for (const folder of ['lessons', 'exercises'])
      cpSync(join(root, folder), join(course, folder), { recursive: true })
    const checks = join(course, 'exercises', EXERCISE, 'checks.ts')
    const source = readFileSync(checks, 'utf8')
    writeFileSync(checks, source.replace('const set = check(', 'const set = check('.repeat(2)))
    home.writeWork(`${EXERCISE}/server.ts`, SOLUTION)

    const watched = startCommand(home, ['watch', EXERCISE, '--course', course])
    expect(await verdict(watched, 1)).toBe('Could not be checked')
    expect(watched.stdout()).toMatch(/checks\.ts could not be loaded: /)
    writeFileSync(checks, source)
    expect(await verdict(watched, 2)).toBe('Passed: 8 of 8')
    await quit(expect, home, watched)
  },
)

// A terminal is needed for keys; util-linux and macOS have a command that makes one.
const script = ['/usr/bin/script', '/bin/script'].find(existsSync)
test.skipIf(process.platform !== 'linux' || script === undefined)(
  'keys: hint, next, verbose, run again, quit',
  { timeout: 90_000 },
  async ({ expect, onTestFinished }) => {
    const home = await createLearnerHome(onTestFinished)
    const file = home.writeWork(`${EXERCISE}/server.ts`, GUESSABLE)
    const commandLine = `${shellWord(process.execPath)} bin/roundtrip.mjs watch ${EXERCISE}`
    const watched = startCommand(home, ['-qfec', commandLine, '/dev/null'], {
      command: [script!],
      stdin: true,
      env: { TERM: 'dumb', NO_COLOR: '1' },
    })
    await verdict(watched, 1)
    await watched.printed(/h hint · r run again · l list · v verbose · q quit/)

    watched.type('h')
    await watched.printed(/Hint 1 of 3: /)
    watched.type('n')
    await watched.printed(/n goes on to the next exercise, once this one has passed\./)
    watched.type('r')
    expect(await verdict(watched, 2)).toBe('Not yet: 7 of 8')
    writeFileSync(file, SOLUTION)
    expect(await verdict(watched, 3)).toBe('Passed: 8 of 8')
    await watched.printed(/h hint · n next exercise · r run again · l list · v verbose · q quit/)
    watched.type('l')
    await watched.printed(
      /◐ cookies-set-and-return +passed, not submitted[\s\S]*· cookies-max-age +not begun/,
    )
    watched.type('v')
    expect(await verdict(watched, 4)).toBe('Passed: 8 of 8')
    expect(watched.stdout()).toMatch(
      /Verbose: the evidence of every check\.[\s\S]*✓ the response sets session/,
    )
    watched.type('h')
    await watched.printed(/Hint 2 of 3: /)
    watched.type('n')
    await watched.printed(
      new RegExp(`Ten seconds to live: http://localhost:${home.port}/exercises/cookies-max-age`),
    )
    expect(await verdict(watched, 5)).toBe('Not yet: 1 of 8')
    expect(existsSync(join(home.work, 'cookies-max-age/server.ts'))).toBe(true)

    const store = openStore(join(home.state, 'roundtrip.sqlite'))
    expect([await store.hintsShown(EXERCISE), await store.hintsShown('cookies-max-age')]).toEqual([
      [0, 1],
      [],
    ])
    store.close()

    watched.type('q')
    expect((await watched.ended).code).toBe(0)
    expect(watched.stdout()).toMatch(/Stopped\. Nothing was left running\.\s+$/)
    expect(await untilGone(() => processesOf(home.dir))).toEqual([])
  },
)

const VERDICT = /^(Passed|Not yet|Could not be checked)(: \d+ of \d+)?/gm

function verdicts(watched: RunningCommand): string[] {
  return (
    watched
      .stdout()
      .replaceAll(/\x1b\[[0-9;]*m|\r/g, '')
      .match(VERDICT) ?? []
  )
}

/** The so manieth verdict, once it is there and the command waits for the next save. */
async function verdict(watched: RunningCommand, count: number): Promise<string> {
  const pattern = new RegExp(
    `(?:(?:Passed|Not yet|Could not be checked)[\\s\\S]*?(?:next save|q quit)[\\s\\S]*?){${count}}`,
  )
  await watched.printed(pattern)
  return verdicts(watched)[count - 1]!
}

function replace(file: string, content: string): void {
  writeFileSync(`${file}.tmp~`, content)
  renameSync(`${file}.tmp~`, file)
}

async function emptied(file: string, content: string): Promise<void> {
  truncateSync(file)
  await pause(200)
  writeFileSync(file, content)
}

/** Without the event loop, which a busy machine would make wait longer than any editor does. */
function halves(file: string, content: string): void {
  writeFileSync(file, content.slice(0, content.indexOf('listen(')))
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 250)
  writeFileSync(file, content)
}

async function aside(file: string, content: string): Promise<void> {
  renameSync(file, `${file}~`)
  await pause(100)
  writeFileSync(file, content)
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}

async function quit(
  expect: ExpectStatic,
  home: LearnerHome,
  watched: RunningCommand,
): Promise<void> {
  watched.signal('SIGINT', 'group')
  const { code, stdout, stderr } = await watched.ended
  expect([code, stderr]).toEqual([130, ''])
  expect(stdout).toMatch(/Stopped\. Nothing was left running\.\n$/)
  expect(await untilGone(() => processesOf(home.dir))).toEqual([])
}
