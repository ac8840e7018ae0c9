import { spawnSync } from 'node:child_process'
import { chownSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { shellWord } from '../course/shell-word.ts'
import { installedBrowsers, thisMachine } from '../grader/record/browser/install/browser-places.ts'
import { createLearnerHome, root, type LearnerHome } from './learner-home.ts'
import { runCommand, type EndedCommand } from './run-command.ts'

// A grading waits longer on a busy machine; what is slow is not wrong.
vi.setConfig({ testTimeout: 120_000 })

const EXERCISE = 'first-exchange'
const RIGHT = ['grade', EXERCISE, '--dir', `exercises/${EXERCISE}/solution`]

const home = () => createLearnerHome(onTestFinished)

/** Not judged, with these words and no stack. */
function expectNoVerdict({ code, stdout, stderr }: EndedCommand, words: RegExp): void {
  expect({ code, stderr }).toEqual({ code: 3, stderr: '' })
  expect(stdout.replace(/\s+/g, ' ')).toMatch(words)
  expect(stdout).toMatch(/^Could not be checked · /m)
  expect(stdout).not.toMatch(/✗|Not yet|Passed|^\s+at /m)
}

const NO_MOUNT = 'this user may mount no file system'

/** A file system of this size in the learner's home; undefined where this user may mount none. */
function smallFolder({ dir }: LearnerHome, size: string): string | undefined {
  const folder = join(dir, 'small')
  mkdirSync(folder)
  const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', folder])
  if (status !== 0) return undefined
  onTestFinished(() => void spawnSync('umount', ['-l', folder]))
  return folder
}

describe.runIf(process.platform === 'linux')('a temporary folder that is full', () => {
  test.for(['400k', '1m', '2m', '8m'])(
    '%s: no verdict, and the folder is named',
    async (size, { skip }) => {
      const learner = await home()
      const TMPDIR = smallFolder(learner, size) ?? skip(NO_MOUNT)
      const ended = await runCommand(learner, RIGHT, { env: { TMPDIR } })
      expectNoVerdict(ended, /The temporary folder \S+\/small is full \(\d+ [kM]B left\)/)
      expect(readdirSync(TMPDIR).filter((name) => name.startsWith('roundtrip-'))).toEqual([])
      const [run] = learner.runs()
      expect(run!.report.verdict).toBe('errored')
    },
  )

  test('is no verdict either when it fills up in the middle', async ({ skip }) => {
    const learner = await home()
    const TMPDIR = smallFolder(learner, '30m') ?? skip(NO_MOUNT)
    const program = join(learner.dir, 'filling.mjs')
    writeFileSync(
      program,
      `import { createServer } from 'node:http'
       import { writeFileSync } from 'node:fs'
       try { writeFileSync(${JSON.stringify(join(TMPDIR, 'filled'))}, Buffer.alloc(40e6)) } catch {}
       createServer((_, response) => response.end('x')).listen(process.env.PORT)`,
    )
    const command = [
      'grade',
      EXERCISE,
      '--cmd',
      `${shellWord(process.execPath)} ${shellWord(program)}`,
    ]
    const { code, stdout } = await runCommand(learner, command, { env: { TMPDIR } })
    expect(code).toBe(3)
    expect(stdout.replace(/\s+/g, ' ')).toMatch(
      /The temporary folder \S+\/small is full \((nothing|\d+ (kB|bytes)) left\)\./,
    )
    expect(stdout).toMatch(/^Could not be checked · /m)
  })

  test('submits nothing', async ({ skip }) => {
    const learner = await home()
    const TMPDIR = smallFolder(learner, '2m') ?? skip(NO_MOUNT)
    const { code, stdout } = await runCommand(learner, ['submit', EXERCISE], { env: { TMPDIR } })
    expect(code).toBe(3)
    expect(stdout).toContain('Nothing was submitted: your work could not be judged.\n')
  })
})

test.runIf(process.platform === 'linux' && installedBrowsers(thisMachine()).length === 0)(
  'a disk without room for a browser that is needed: no list of browsers to install',
  async ({ skip }) => {
    const learner = await home()
    const small = smallFolder(learner, '50m') ?? skip(NO_MOUNT)
    const env = { ROUNDTRIP_HOME: small, HOME: small, PUPPETEER_EXECUTABLE_PATH: '' }
    const { code, stdout } = await runCommand(learner, RIGHT, { env })
    expect(code).toBe(3)
    expect(stdout.replace(/\s+/g, ' ')).toMatch(
      /No browser can be installed, because the disk is full: \d+ MB left in \S+\/small\. A browser needs 400 MB/,
    )
    expect(stdout).not.toMatch(/apt|npx puppeteer|Any one of these/)
  },
)

describe.runIf(process.platform === 'linux')('a limit that is too low', () => {
  test.each([
    ['-f 500', /No file may be larger than \d+ kB here \(ulimit -f\)/],
    ['-n 32', /Too many open files: 32 is the limit here \(ulimit -n\)/],
    ['-n 40', /Too many open files: 40 is the limit here \(ulimit -n\)/],
    ['-v 6000000', /No program may use more than 6.1 GB of memory addresses here \(ulimit -v\)/],
  ])('ulimit %s: no verdict, and the limit is named', async (limit, words) => {
    const script = `ulimit ${limit} && exec "$0" "$@"`
    const ended = await runCommand(await home(), RIGHT, {
      command: ['bash', '-c', script, process.execPath, join(root, 'bin/roundtrip.mjs')],
    })
    expectNoVerdict(ended, words)
  })
})

// The limit holds for nobody who may do everything, and counts all processes of the user.
describe.runIf(process.platform === 'linux' && process.getuid?.() === 0)('few processes', () => {
  const uid = 54_321

  test.each([45, 70])('ulimit -u %d: no verdict, and the limit is named', async (limit) => {
    const learner = await home()
    for (const path of [learner.dir, ...readdirSync(learner.dir, { recursive: true })])
      chownSync(resolve(learner.dir, String(path)), uid, uid)
    const script = `ulimit -u ${limit} && exec "$0" "$@"`
    const ended = await runCommand(learner, RIGHT, {
      command: ['bash', '-c', script, process.execPath, join(root, 'bin/roundtrip.mjs')],
      uid,
    })
    expectNoVerdict(
      ended,
      /No more than \d+ further processes and threads may be started here \(ulimit -u is \d+\)\. A grading needs 90/,
    )
  })
})

describe.runIf(process.platform === 'linux')('a limit with which Node hardly starts', () => {
  test.each([24, 28])('ulimit -n %d: the words, and no stack', async (limit) => {
    const script = `ulimit -n ${limit} && exec "$0" "$@"`
    const { code, stdout, stderr } = await runCommand(await home(), RIGHT, {
      command: ['bash', '-c', script, process.execPath, join(root, 'bin/roundtrip.mjs')],
    })
    expect({ code, stdout, stderr }).toEqual({
      code: 3,
      stdout: '',
      stderr:
        `Too many open files: ${limit} is the limit here (ulimit -n).\n` +
        'Raise the limit, in a new terminal if need be, and run this again:\n  ulimit -n 1024\n',
    })
  })
})

describe('what hinders the command itself from being loaded', () => {
  const notFound = (message: string) =>
    Object.assign(new Error(message), { code: 'ERR_MODULE_NOT_FOUND' })

  test.each([
    [
      notFound("Cannot find package 'commander' imported from /course/cli/run-command.ts"),
      'A file of the packages is missing: commander\n',
    ],
    [
      notFound("Cannot find module '/course/node_modules/a/b.js' imported from /course/x.ts"),
      'A file of the packages is missing: node_modules/a/b.js\n',
    ],
    [
      notFound("Cannot find module '/course/course/paths.ts' imported from /course/cli/x.ts"),
      'Roundtrip cannot be loaded: course/paths.ts is missing.\n',
    ],
    [new SyntaxError('Unexpected end of input'), 'cannot be loaded: Unexpected end of input.\n'],
    [Object.assign(new Error(), { code: 'EMFILE' }), 'Too many open files.\n'],
  ])('%s', async (error, words) => {
    const { cannotLoad } = await import(join(root, 'bin/obstacles.mjs'))
    const said = cannotLoad('/course', error)
    expect(said).toContain(words)
    expect(said).toMatch(/npm ci$|ulimit -n 1024$/)
    expect(said).not.toMatch(/^\s+at /m)
  })
})

describe('a folder that cannot be used', () => {
  test.each([
    ['gone', /The temporary folder \S+\/gone \(TMPDIR\) is not there\./],
    ['file', /The temporary folder \S+\/file \(TMPDIR\) is not a folder\./],
    ['file/within', /The temporary folder \S+\/file\/within \(TMPDIR\) is not a folder\./],
  ])('TMPDIR: %s is named by a grading and by doctor', async (name, words) => {
    const learner = await home()
    writeFileSync(join(learner.dir, 'file'), '')
    const env = { TMPDIR: join(learner.dir, name), PORT: '0' }
    expectNoVerdict(await runCommand(learner, RIGHT, { env }), words)

    const doctor = await runCommand(learner, ['doctor'], { env })
    expect({ code: doctor.code, stderr: doctor.stderr }).toEqual({ code: 3, stderr: '' })
    expect(doctor.stdout.replace(/\s+/g, ' ')).toMatch(words)
    expect(doctor.stdout).toMatch(/^✗ Temp files/m)
    expect(doctor.stdout).toMatch(/^. Disk/m)
  })

  test('TMPDIR that is not a whole path', async () => {
    const ended = await runCommand(await home(), RIGHT, { env: { TMPDIR: 'temp' } })
    expectNoVerdict(ended, /has to be a whole path; TMPDIR is temp\. .*TMPDIR='?\/.+\/temp/)
  })

  test.each([
    [RIGHT],
    [['submit', EXERCISE]],
    [['reset', EXERCISE]],
    [['progress']],
    [['start']],
    [['watch', EXERCISE]],
  ])('ROUNDTRIP_HOME that is a file: %j', async (args) => {
    const learner = await home()
    writeFileSync(learner.state, '')
    const { code, stdout, stderr } = await runCommand(learner, args, { env: { PORT: '0' } })
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' })
    expect(stderr).toBe(
      `A folder is needed, but ${learner.state} (ROUNDTRIP_HOME) is a file.\n` +
        'Rename that file, or set ROUNDTRIP_HOME to a folder, then run this again.\n',
    )
    expect(existsSync(learner.work)).toBe(false)
  })
})
