import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { symlinkSync, truncateSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, test, vi } from 'vitest'
import { startCourse } from './course-server.ts'
import { authorsFile } from '../testing/authors-program-in-tests.ts'
import { createLearnerHome, root, type LearnerHome } from './learner-home.ts'
import { startCommand, type EndedCommand } from './run-command.ts'

vi.setConfig({ testTimeout: 120_000 })

const EXERCISE = 'first-exchange'

/** What may be in place of a file, and the words for it. */
const things = {
  pipe: ['named pipe', (path: string) => void execFileSync('mkfifo', [path])],
  zero: ['device', (path: string) => symlinkSync('/dev/zero', path)],
  socket: ['socket', listenAt],
  folder: ['folder', (path: string) => void mkdirSync(path)],
  'of 300 MB': ['larger than 4 MB', (path: string) => writeLarge(path)],
} as const

const ID = 'greet-by-name'

/** Read when the course is loaded, and when the learner's folder is made. */
const COURSE_FILES = [
  'lessons/01-start/10-ask-and-answer.md',
  'exercises/greet-by-name/exercise.md',
  'exercises/greet-by-name/stub/server.ts',
]

const kinds = Object.entries(things).map(([name, [words, make]]) => ({ name, words, make }))

describe.skipIf(process.platform === 'win32').concurrent('in place of a learner’s file', () => {
  test.for(kinds)('$name: grade names it', async ({ words, make }, { expect, onTestFinished }) => {
    const home = await createLearnerHome(onTestFinished)
    make(place(home))
    const { code, stdout, stderr } = await ended(home, ['grade', EXERCISE])
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toMatch(/^Cannot read .*first-exchange\/server\.ts: it is /)
    expect(stderr).toContain(words)
    expect(stderr).not.toMatch(/^\s+at /m)
  })

  test.for(['submit', 'serve'])('a pipe: %s names it', async (command, context) => {
    const home = await createLearnerHome(context.onTestFinished)
    things.pipe[1](place(home))
    const { code, stderr } = await ended(home, [command, EXERCISE])
    context.expect({ code, stderr }).toEqual({
      code: 2,
      stderr: context.expect.stringMatching(/server\.ts: it is a named pipe, not a file\.\nMove /),
    })
  })

  // A folder is told to be one for --dir (commands.test.ts).
  const files = kinds.filter(({ name }) => name !== 'folder')
  test.for(files)('$name: --file names it', async ({ words, make }, { expect, onTestFinished }) => {
    const home = await createLearnerHome(onTestFinished)
    const file = join(home.dir, 'mine.ts')
    make(file)
    const { code, stderr } = await ended(home, ['grade', EXERCISE, '--file', file])
    expect(code).toBe(2)
    expect(stderr).toContain(`Cannot read ${file}: it is `)
    expect(stderr).toContain(words)
  })

  test('a pipe cannot be copied, so reset leaves everything as it is', async (context) => {
    const home = await createLearnerHome(context.onTestFinished)
    const file = home.writeWork(`${EXERCISE}/server.ts`, '// mine\n')
    things.pipe[1](join(dirname(file), 'notes'))
    const { code, stderr } = await ended(home, ['reset', EXERCISE])
    context.expect(code).toBe(2)
    context.expect(stderr).toContain('notes is a named pipe, not a file.\nMove that named pipe')
    context.expect(readFileSync(file, 'utf8')).toBe('// mine\n')
    context.expect(readdirSync(home.work)).toEqual([EXERCISE])
  })

  test.for(['zero', 'of 300 MB'] as const)('%s: reset moves it aside', async (kind, context) => {
    const home = await createLearnerHome(context.onTestFinished)
    things[kind][1](place(home))
    const { code, stdout } = await ended(home, ['reset', EXERCISE])
    context.expect(code).toBe(0)
    context.expect(stdout).toContain('Your files were copied to ')
    context.expect(readFileSync(place(home), 'utf8')).toBe(authorsFile(EXERCISE, 'stub'))
  })

  test('watch waits for a file, and Ctrl-C ends it', async ({ expect, onTestFinished }) => {
    const home = await createLearnerHome(onTestFinished)
    const file = home.writeWork(`${EXERCISE}/server.ts`, authorsFile(EXERCISE, 'solution'))
    const command = startCommand(home, ['watch', EXERCISE, '--poll'])
    const limit = setTimeout(() => command.signal('SIGKILL', 'group'), 90_000)
    await command.printed(/Waiting for the next save/)
    execFileSync('rm', [file])
    things.pipe[1](file)
    await command.printed(/server\.ts cannot be read: it is a named pipe, not a file\. Waiting/)
    command.signal('SIGINT')
    const { signal } = await command.ended
    clearTimeout(limit)
    expect(signal).toBeNull()
  })

  test.for(COURSE_FILES)('a pipe for a course’s own %s', async (path, context) => {
    const home = await createLearnerHome(context.onTestFinished)
    const env = { ...home.env, ROUNDTRIP_COURSE: courseWithPipe(home, path) }
    const { code, stdout, stderr } = await ended({ ...home, env }, ['grade', ID])
    context.expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    context.expect(stderr).toContain('it is a named pipe, not a file.')
  })

  test('a pipe for a course’s own checks: nothing is judged', async (context) => {
    const home = await createLearnerHome(context.onTestFinished)
    const env = { ...home.env, ROUNDTRIP_COURSE: courseWithPipe(home, `exercises/${ID}/checks.ts`) }
    const { code, stdout } = await ended({ ...home, env }, ['grade', ID])
    context.expect(code).toBe(3)
    context
      .expect(stdout)
      .toMatch(
        /^\s*Cannot read exercises\/greet-by-name\/checks\.ts: it is a named pipe, not a file\./,
      )
  })

  test('the course server goes on answering', async ({ expect, onTestFinished }) => {
    const home = await createLearnerHome(onTestFinished)
    const { url, command, stop } = await startCourse(home)
    const limit = setTimeout(() => command.signal('SIGKILL', 'group'), 60_000)
    things.pipe[1](place(home))
    const api = `${url}/api/exercises/${EXERCISE}/files/server.ts`
    const answer = await fetch(api, { headers: { 'Sec-Fetch-Site': 'same-origin' } })
    expect(answer.status).toBe(503)
    expect(await answer.json()).toEqual({
      error: expect.stringContaining('it is a named pipe, not a file.'),
    })
    for (const path of [`/exercises/${EXERCISE}`, '/'])
      expect((await fetch(url + path)).status).toBe(200)
    expect((await stop()).code).not.toBeNull()
    clearTimeout(limit)
  })
})

/** A copy of the small course in which a named pipe is in place of one file. */
function courseWithPipe(home: LearnerHome, path: string): string {
  const course = join(home.dir, 'course')
  for (const folder of ['lessons', 'exercises'])
    cpSync(join(root, 'examples/tiny-course', folder), join(course, folder), { recursive: true })
  rmSync(join(course, path))
  things.pipe[1](join(course, path))
  return course
}

/** Where the file of the exercise would be, in a folder that is there. */
function place(home: LearnerHome): string {
  const file = join(home.work, EXERCISE, 'server.ts')
  mkdirSync(dirname(file), { recursive: true })
  return file
}

/** Ends a command that hangs: then its code is null. */
async function ended(home: LearnerHome, args: readonly string[]): Promise<EndedCommand> {
  const command = startCommand(home, args)
  const limit = setTimeout(() => command.signal('SIGKILL', 'group'), 60_000)
  const result = await command.ended
  clearTimeout(limit)
  return result
}

/** A socket stays in the file system when its process is killed. */
function listenAt(path: string): void {
  const script = `require('net').createServer().listen(process.argv[1], () => process.kill(process.pid, 'SIGKILL'))`
  try {
    execFileSync(process.execPath, ['-e', script, path])
  } catch (error) {
    if ((error as { signal?: string }).signal !== 'SIGKILL') throw error
  }
}

function writeLarge(path: string): void {
  execFileSync('touch', [path])
  truncateSync(path, 300 * 1024 ** 2)
}
