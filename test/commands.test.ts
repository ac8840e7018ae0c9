import { spawnSync } from 'node:child_process'
import { chmodSync, copyFileSync, existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { shellWord } from '../course/shell-word.ts'
import { freePort } from '../grader/record/program/ports/free-port.ts'
import { authorsFile, authorsFolder } from '../testing/authors-program-in-tests.ts'
import { createLearnerHome, root, someoneWithoutRights, type LearnerHome } from './learner-home.ts'
import { runCommand, startCommand, type CommandOptions } from './run-command.ts'

// A grading waits longer on a busy machine; what is slow is not wrong.
vi.setConfig({ testTimeout: 120_000 })

const EXERCISE = 'cookies-set-and-return'
const solution = join('exercises', EXERCISE, 'solution')
const KEEPS_SPELLING = authorsFolder('request-mirror', 'mutants/keeps-spelling')
const program = (name: string) => join(root, 'test/programs', name)

let home: LearnerHome
beforeAll(async () => {
  home = await createLearnerHome()
})
afterAll(() => home.remove())

const run = (args: readonly string[], options?: CommandOptions) => runCommand(home, args, options)
const grade = (...args: string[]) => run(['grade', EXERCISE, ...args])
/** A folder with one file of that name, outside the project. */
const outside = (name: string, file: string, content: string): string => {
  const folder = join(home.dir, name)
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, file), content)
  return folder
}

describe.concurrent('wrong usage is told in a line or two, with exit code 2', () => {
  test.for<[words: string, args: string[], message: string]>([
    [
      'an unknown exercise',
      ['grade', 'cookies-set-and-retrun'],
      'No exercise is called "cookies-set-and-retrun". Did you mean "cookies-set-and-return"?\n',
    ],
    [
      'a name that is near nothing',
      ['submit', 'no-such-exercise-at-all'],
      'No exercise is called "no-such-exercise-at-all". See the list with: npm run progress\n',
    ],
    [
      'a name that is a path',
      ['grade', '../../etc'],
      'No exercise is called "../../etc". See the list with: npm run progress\n',
    ],
    [
      'no exercise',
      ['grade'],
      'Which exercise? npm run grade <exercise>, or npm run grade -- --all. npm run progress lists them.\n',
    ],
    [
      'an unknown option',
      ['grade', EXERCISE, '--fast'],
      "error: unknown option '--fast'\n(npm run grade -- --help tells more)\n",
    ],
    [
      'an unknown reporter',
      ['grade', EXERCISE, '--reporter', 'html'],
      "error: option '--reporter <kind>' argument 'html' is invalid. Allowed choices are text, json, junit.\n(npm run grade -- --help tells more)\n",
    ],
    [
      'no exercise',
      ['submit'],
      'Which exercise? npm run submit <exercise>. npm run progress lists them.\n(npm run submit -- --help tells more)\n',
    ],
    [
      'no run',
      ['replay'],
      'Which run? npm run replay <run>. Its id is at the end of a report.\n(npm run replay -- --help tells more)\n',
    ],
    [
      'nothing new',
      ['new'],
      'A new exercise, lesson or course? npm run new <what> <name>\n(npm run new -- --help tells more)\n',
    ],
    [
      'an unknown command',
      ['grad'],
      "error: unknown command 'grad'\n(Did you mean grade?)\n(npm run <command> -- --help tells more)\n",
    ],
    [
      'a missing file',
      ['grade', EXERCISE, '--file', 'nowhere/server.ts'],
      "nowhere/server.ts doesn't exist.\n",
    ],
    [
      'a folder as the file',
      ['grade', EXERCISE, '--file', solution],
      `${solution} is a folder. Name the file in it, or give the folder to --dir.\n`,
    ],
    [
      'a missing folder',
      ['grade', EXERCISE, '--dir', 'nowhere'],
      `The folder ${join(root, 'nowhere')} doesn't exist.\n`,
    ],
    [
      'a folder without the file',
      ['grade', EXERCISE, '--dir', 'lessons'],
      `lessons has no server.ts. The files of ${EXERCISE} are: server.ts\n`,
    ],
    [
      'an address that is none',
      ['grade', EXERCISE, '--url', 'localhost:3000'],
      '--url takes an address like http://127.0.0.1:3000, not localhost:3000.\n',
    ],
    [
      'an empty command',
      ['grade', EXERCISE, '--cmd', ' '],
      '--cmd takes the command that starts your server: --cmd "python3 app.py".\n',
    ],
    [
      'two things to grade',
      ['grade', EXERCISE, '--file', 'a.ts', '--url', 'http://127.0.0.1:3000'],
      'Name one thing to grade: --file and --url cannot go together.\n',
    ],
    [
      'all and one',
      ['grade', EXERCISE, '--all'],
      '--all grades your work on every exercise you have begun; it goes with no exercise and no other source.\n',
    ],
  ])('%s', async ([, args, message], { expect }) => {
    const { code, stdout, stderr } = await run(args)
    expect({ code, stdout, stderr }).toEqual({ code: 2, stdout: '', stderr: message })
  })

  test('all, before anything was begun', async ({ expect }) => {
    const { code, stderr } = await run(['grade', '--all'], {
      env: { ROUNDTRIP_WORK: join(home.dir, 'no-work') },
    })
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: "You haven't begun an exercise yet. Begin with: npm run grade <exercise>\n",
    })
  })

  test('a file and a folder that may not be read', async ({ expect, skip, onTestFinished }) => {
    const own = await createLearnerHome(onTestFinished)
    const uid =
      someoneWithoutRights(own) ??
      skip('no user of this machine may read the project and not read everything')
    const file = own.writeWork('secret/server.ts', '')
    chmodSync(file, 0)
    const one = await runCommand(own, ['grade', EXERCISE, '--file', file], { uid })
    expect([one.code, one.stderr]).toEqual([2, `You may not read ${file}.\n`])
    const folder = await runCommand(own, ['grade', EXERCISE, '--dir', dirname(file)], { uid })
    expect([folder.code, folder.stderr]).toEqual([
      2,
      expect.stringMatching(/^Cannot read \S+server\.ts: .+\n.+\n$/),
    ])
  })

  test('a port that is none', async ({ expect }) => {
    const { code, stderr } = await run(['start'], { env: { PORT: 'eighty' } })
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr:
        'PORT is "eighty", which isn\'t a port number. Choose a number up to 65535: PORT=4321 npm start\n',
    })
    const serving = await run(['serve', EXERCISE], { env: { PORT: '80000' } })
    expect([serving.code, serving.stderr]).toEqual([
      2,
      `PORT is "80000", which isn't a port number. Choose a number up to 65535: PORT=3000 npm run serve ${EXERCISE}\n`,
    ])
  })
})

test.concurrent('a folder and a file are looked for where they were typed', async ({ expect }) => {
  const folder = outside(
    'typed-here/mine',
    'server.ts',
    'throw new Error("found where it was typed")\n',
  )
  for (const source of [
    ['--dir', 'mine'],
    ['--file', 'mine/server.ts'],
  ]) {
    const { code, stdout } = await run(['grade', EXERCISE, ...source], {
      env: { INIT_CWD: dirname(folder) },
    })
    expect(code).toBe(1)
    expect(stdout).toContain('found where it was typed')
  }
})

describe.concurrent('verdicts', () => {
  test('the stub is made, runs and fails: 1', async ({ expect }) => {
    const { code, stdout, stderr } = await grade()
    expect(code).toBe(1)
    expect(stdout).toMatch(
      /^ {2}✓ Your server starts and listens on the port it was given {2,}\d+\.\d\d s$/m,
    )
    expect(stdout).toMatch(
      /^ {2}✗ GET \/login answers 200 and sets a session that Chromium keeps {2,}\d+\.\d\d s$/m,
    )
    expect(stdout).toContain('expected   Set-Cookie: session=…')
    expect(stdout).toContain('received   no Set-Cookie field')
    expect(stdout).toMatch(/^Not yet: 1 of 8 · /m)
    expect(stderr).toBe('')
    // Commands are there to be copied and are never broken.
    const prose = stdout.split('\n').filter((line) => !/PORT=3000|npm run|curl/.test(line))
    expect(Math.max(...prose.map((line) => line.length)), stdout).toBeLessThanOrEqual(80)
  })

  test('the solution passes: 0', async ({ expect }) => {
    const { code, stdout, stderr } = await grade('--dir', solution)
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toMatch(/^Passed: 8 of 8 · /m)
    expect(stdout).not.toMatch(/✗|!/)
    expect(stdout).not.toContain('\x1b')
  })

  test('all that was begun: as bad as the worst', async ({ expect }) => {
    const work = outside('two-begun', 'README', '')
    for (const [exercise, variant] of [
      [EXERCISE, 'solution'],
      ['cookies-httponly', 'stub'],
    ] as const) {
      mkdirSync(join(work, exercise))
      writeFileSync(join(work, exercise, 'server.ts'), authorsFile(exercise, variant))
    }
    const { code, stdout } = await run(['grade', '--all'], { env: { ROUNDTRIP_WORK: work } })
    expect(code).toBe(1)
    expect(stdout).toMatch(/^Passed: 8 of 8 · /m)
    expect(stdout).toMatch(/^Not yet: \d+ of \d+ · /m)
    expect(stdout).toMatch(/^1 of 2 exercises passed$/m)
  })

  const python =
    spawnSync('python3', ['-c', 'import http.server'], { stdio: 'ignore' }).status === 0
  test.skipIf(!python)(
    `a program in another language passes${python ? '' : ' (skipped: this machine has no python3)'}`,
    async ({ expect }) => {
      const { code, stdout } = await grade('--cmd', `python3 ${shellWord(program('session.py'))}`)
      expect(stdout).toMatch(/^Passed: 8 of 8 · /m)
      expect(code).toBe(0)
    },
  )

  test('a command runs in the folder that --dir names', async ({ expect }) => {
    const { code } = await grade('--cmd', 'node session-from-bytes.ts', '--dir', 'test/programs')
    expect(code).toBe(0)
  })

  test('a program that writes raw bytes passes', async ({ expect }) => {
    const { code, stdout } = await grade('--file', program('session-from-bytes.ts'))
    expect(stdout).toMatch(/^Passed: 8 of 8 · /m)
    expect(code).toBe(0)
  })

  test('a program outside the project may use the installed packages, and passes', async ({
    expect,
  }) => {
    const folder = outside('express', 'package.json', '{ "type": "commonjs" }')
    copyFileSync(program('session-express.ts'), join(folder, 'app.mts'))
    const { code, stdout } = await grade('--file', join(folder, 'app.mts'))
    expect(stdout).toMatch(/^Passed: 8 of 8 · /m)
    expect(code).toBe(0)
  })

  test('a server that runs already is graded where it is, and left running', async ({ expect }) => {
    const server = startCommand(home, [], { command: [process.execPath, '-e', serverOnFreePort] })
    const [, port] = await server.printed(/listening on (\d+)/)
    const { code, stdout } = await grade('--url', `http://127.0.0.1:${port}`)
    expect(stdout).toMatch(/^Passed: 8 of 8 · /m)
    expect(code).toBe(0)
    expect((await fetch(`http://127.0.0.1:${port}/whoami`)).status).toBe(200)
    server.signal('SIGKILL')
    await server.ended
    const gone = await grade('--url', `http://127.0.0.1:${port}`)
    expect(gone.code).toBe(1)
    expect(sentences(gone.stdout)).toContain(
      `Nothing listens at http://127.0.0.1:${port}. Start your server first, then grade it.`,
    )
  })
})

/** The solution on a port the system draws. */
const serverOnFreePort = `
  process.env.PORT = '0'
  const { Server } = require('node:http')
  const listen = Server.prototype.listen
  Server.prototype.listen = function (...args) {
    return listen.apply(this, args).once('listening', () => console.log('listening on ' + this.address().port))
  }
  import(${JSON.stringify(join(root, solution, 'server.ts'))})
`

describe.concurrent('reporters for programs', () => {
  test('json: one Report object and nothing else, through npm as well', async ({ expect }) => {
    const folder = authorsFolder(EXERCISE, 'mutants/path-too-narrow')
    const args = ['run', '--silent', 'grade', '--', EXERCISE, '--dir', folder, '--reporter', 'json']
    const { code, stdout, stderr } = await run(args, { command: ['npm'] })
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' })
    const report = JSON.parse(stdout)
    expect(report).toMatchObject({
      exercise: EXERCISE,
      verdict: 'failed',
      program: `${folder}/server.ts`,
      notes: [],
    })
    expect(report.durationMs).toBeGreaterThan(0)
    expect(new Date(report.startedAt).toISOString()).toBe(report.startedAt)
    expect(report.checks).toHaveLength(8)
    expect(report.checks.find((check: any) => check.outcome === 'failed')).toMatchObject({
      id: 'returned',
      diagnosis: {
        id: 'path-too-narrow',
        say: expect.stringMatching(
          /^Chromium keeps session for \/login only, so the request for \/whoami went out without it\./,
        ),
      },
    })
  })

  test('junit: a document with one case per check, every outcome in its place', async ({
    expect,
  }) => {
    const { code, stdout, stderr } = await grade(
      '--dir',
      authorsFolder(EXERCISE, 'mutants/guessable'),
      '--reporter',
      'junit',
    )
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' })
    const { root: suites, names } = parseXml(stdout)
    expect(suites).toBe('testsuites')
    expect(names.get('testcase')).toBe(8)
    expect(names.get('failure')).toBe(1)
    expect(stdout).toMatch(
      /<testsuite name="cookies-set-and-return" tests="8" failures="1" errors="0"/,
    )
  })
})

describe.concurrent('output that cannot be written', () => {
  const shell = (script: string): CommandOptions => ({
    command: ['/bin/sh', '-c', script, process.execPath, join(root, 'bin/roundtrip.mjs')],
  })

  test.skipIf(process.platform === 'win32')(
    'a reader that has seen enough stops neither the grading nor the keeping',
    async ({ expect, onTestFinished }) => {
      const own = await createLearnerHome(onTestFinished)
      const { stdout, stderr } = await runCommand(
        own,
        ['submit', EXERCISE],
        shell('("$0" "$@"; echo "exit code $?" >&2) | head -n 2'),
      )
      expect(stdout).toMatch(/^\nThe cookie comes back/)
      expect(stderr).toBe('exit code 1\n')
      expect((await runCommand(own, ['progress'])).stdout).toMatch(
        /cookies-set-and-return +failed, 1 of 8 checks passed/,
      )
    },
  )

  test.skipIf(!existsSync('/dev/full'))(
    'a full disk is an error of its own',
    async ({ expect }) => {
      const { code, stderr } = await run(
        ['grade', EXERCISE, '--dir', solution],
        shell('"$0" "$@" > /dev/full'),
      )
      expect(code).toBe(3)
      expect(stderr).toBe(
        'The output could not be written: ENOSPC: no space left on device, write\nMake room where it goes, or send it elsewhere, then run the command again.\n',
      )
    },
  )
})

describe.concurrent('programs that cannot be graded as they are', () => {
  const LISTEN = "import { createServer } from 'node:http'\n"
  test.for<[words: string, source: string, expected: (string | RegExp)[]]>([
    [
      'a syntax error',
      `${LISTEN}const server = createServer((request, response => {\n`,
      [
        /server\.ts line \d: .+ Nothing was run\./,
        'const server = createServer((request, response => {',
      ],
    ],
    [
      'an enum',
      `${LISTEN}\nenum Color { Red }\n`,
      [
        'server.ts line 3: enum needs code to be generated, and this course runs TypeScript by leaving the types out.',
      ],
    ],
    [
      'a missing package',
      "import koa from 'koa'\nkoa()\n",
      ["The package 'koa' is not installed."],
    ],
    [
      'an exit at once',
      'process.exit(3)\n',
      ['Your program exited with code 3 before it listened on its port.'],
    ],
    [
      'a throw at the start',
      `${LISTEN}\nconst settings: any = undefined\nconsole.log(settings.port)\n`,
      [
        'server.ts line 4: Your program exited with code 1',
        "Cannot read properties of undefined (reading 'port')",
      ],
    ],
    [
      'another port',
      `${LISTEN}createServer().listen(0, '127.0.0.1')\n`,
      [
        /You listen on port \d+; the exercise gives you the port in process\.env\.PORT \(this time \d+\)\./,
      ],
    ],
    [
      'no listening at all',
      'setInterval(() => {}, 1000)\n',
      [
        /It is running, but after \d+ s nothing listens on port \d+ \(from process\.env\.PORT\)\. Does your program call listen\(\)\?/,
      ],
    ],
    [
      'garbage',
      "import { createServer } from 'node:net'\ncreateServer((socket) => { socket.on('error', () => {}); socket.once('data', () => socket.end('oops, no status line')) }).listen(Number(process.env.PORT), '127.0.0.1')\n",
      ['oops, no status line', /expected +.*HTTP\/1\.1/],
    ],
    [
      'no answer at all',
      `${LISTEN}createServer(() => {}).listen(Number(process.env.PORT), '127.0.0.1')\n`,
      [
        /received no answer in \d+ s/,
        /GET \/login got no answer in \d+ s\. Is the response ended on every path\?/,
      ],
    ],
  ])('%s: 1, and the reason', async ([words, source, expected], { expect }) => {
    const folder = outside(words.replaceAll(' ', '-'), 'server.ts', source)
    const { code, stdout, stderr } = await grade('--dir', folder)
    expect({ code, stderr }, stdout).toEqual({ code: 1, stderr: '' })
    for (const part of expected) expect(sentences(stdout)).toMatch(part)
    // What the learner sees is about their file, and no stack of ours or of Node's.
    expect(stdout).not.toMatch(/^\s+at .*(?:node:internal|\/(?:grader|cli|course)\/)/m)
    expect(stdout).not.toContain('This is a fault of ours')
  })
})

describe('a start by hand', () => {
  test('on a port that is taken is wrong usage, with a port to try', async ({
    expect,
    onTestFinished,
  }) => {
    const server = createServer()
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void server.close())
    const { port } = server.address() as AddressInfo
    const { code, stdout, stderr } = await run(['serve', EXERCISE], { env: { PORT: String(port) } })
    expect({ code, stdout, stderr }).toEqual({
      code: 2,
      stdout: '',
      stderr: `Port ${port} is taken. Choose another: PORT=${port + 1} npm run serve ${EXERCISE}\n`,
    })
  })

  test.for<[what: string, ...source: string[]]>([
    ['a file elsewhere', '--file', join(KEEPS_SPELLING, 'server.ts')],
    ['a folder elsewhere', '--dir', KEEPS_SPELLING],
    ['a command', '--dir', KEEPS_SPELLING, '--cmd', 'npx node server.ts'],
  ])('of %s runs that, as the failure says', async ([, ...source], { expect }) => {
    const graded = await run(['grade', 'request-mirror', ...source, '--reporter', 'json'])
    const [start] = JSON.parse(graded.stdout).checks.find(
      (check: any) => check.outcome === 'failed',
    ).reproduce
    const words = [...start.slice('npm run serve -- '.length).matchAll(/'([^']*)'|(\S+)/g)].map(
      ([, quoted, plain]: string[]) => quoted ?? plain,
    )
    const port = await freePort()
    const serving = startCommand(home, ['serve', ...(words as string[])], {
      env: { PORT: String(port) },
    })
    await vi.waitFor(
      async () => expect((await fetch(`http://127.0.0.1:${port}/mirror`)).status).toBe(200),
      10_000,
    )
    serving.signal('SIGTERM')
    await serving.ended
  })

  test('of two programs at once is wrong usage', async ({ expect }) => {
    const { code, stderr } = await run(['serve', EXERCISE, '--file', 'a.ts', '--cmd', 'b'])
    expect([code, stderr]).toEqual([
      2,
      'Name one thing to run: --file and --cmd cannot go together.\n',
    ])
  })

  test.for<[words: string, env: Record<string, string>, named: boolean]>([
    ['names the page that the program knows', {}, true],
    [
      'names none that the shell has put another address in the place of',
      { APP_ORIGIN: 'http://127.0.0.1:9' },
      false,
    ],
  ])('%s', async ([, env, named], { expect }) => {
    const serving = startCommand(home, ['serve', 'cors-preflight'], {
      env: { ...env, PORT: String(await freePort()) },
    })
    const [, address] = await serving.printed(/^ {2}APP_ORIGIN=(\S+)$/m)
    serving.signal('SIGTERM')
    const { stdout } = await serving.ended
    expect(stdout.includes(`  ${address}  is the app\n`)).toBe(named)
    expect(stdout.includes('is the app')).toBe(named)
  })
})

/** Text as it reads when nothing is wrapped. */
function sentences(text: string): string {
  return text.replace(/\s+/g, ' ')
}

/**
 * Reads XML far enough to know that it is well-formed: gives the outermost element, and how often
 * each name stands in it.
 */
function parseXml(text: string): { root: string; names: Map<string, number> } {
  const names = new Map<string, number>()
  const open: string[] = []
  let outermost = ''
  const body = text.replace(/^<\?xml version="1\.0" encoding="UTF-8"\?>\n/, '')
  const token = /<(\/?)([\w-]+)((?:\s+[\w-]+="[^"<]*")*)\s*(\/?)>|([^<]+)/gy
  let end = 0
  for (const [whole, closing, name, , empty, characters] of body.matchAll(token)) {
    end += whole.length
    if (characters !== undefined)
      expect(characters).toMatch(/^(?:[^&]|&(?:amp|lt|gt|quot|apos|#\d+);)*$/)
    else if (closing) expect(open.pop()).toBe(name)
    else {
      if (open.length === 0) outermost = name!
      names.set(name!, (names.get(name!) ?? 0) + 1)
      if (!empty) open.push(name!)
    }
  }
  expect({ rest: body.slice(end), open }).toEqual({ rest: '', open: [] })
  return { root: outermost, names }
}
