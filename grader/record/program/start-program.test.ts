import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { connect, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createClock } from '../timing/clock.ts'
import { GraderError, StartupError } from '../../types/errors.ts'
import { until } from '../timing/deadline.ts'
import { portHolder } from './ports/listening-ports.ts'
import { takeSnapshot, writeSnapshot } from './snapshot/snapshot.ts'
import { startProgram, type Program, type RunningProgram } from './learner-program.ts'
import { processLives } from '../../../testing/process-lives.ts'

let root: string
beforeAll(() => void (root = mkdtempSync(join(tmpdir(), 'roundtrip-programs-'))))
afterAll(() => rmSync(root, { recursive: true, force: true }))

const HTTP =
  "import { createServer } from 'node:http'\nconst answer = (_: unknown, response: { end(text: string): void }) => response.end('hello')\n"
const PORT = 'Number(process.env.PORT)'
/** Beside every fixture: says under which pid it ran. */
const SAYS_PID =
  "import { writeFileSync } from 'node:fs'\nimport { fileURLToPath } from 'node:url'\nwriteFileSync(fileURLToPath(new URL('./pid', import.meta.url)), String(process.pid))\n"

let folders = 0
function write(files: Readonly<Record<string, string>>): Extract<Program, { kind: 'files' }> {
  const dir = join(root, String(++folders))
  mkdirSync(dir)
  for (const [name, text] of Object.entries({ 'pid.ts': SAYS_PID, ...files }))
    writeFileSync(join(dir, name), text)
  return { kind: 'files', dir, entry: 'server.ts', label: 'work/x/server.ts' }
}

/** As a grading starts it: from a snapshot. */
async function start(
  program: Program,
  signal = new AbortController().signal,
): Promise<RunningProgram> {
  const snapshot = 'entry' in program ? writeSnapshot(takeSnapshot(program)) : undefined
  return startProgram(program, { clock: createClock(), signal, snapshot }).finally(() =>
    snapshot?.remove(),
  )
}

/** What a program is told that does not start; it must have left nothing behind. */
async function fault(
  source: string,
  more: Readonly<Record<string, string>> = {},
): Promise<StartupError> {
  const program = write({ 'server.ts': source, ...more })
  const thrown: unknown = await start(program).then(
    async (running) => `it started, and ended: ${await running.end()}`,
    (error: unknown) => error,
  )
  expect(thrown).toBeInstanceOf(StartupError)
  const pid = join(program.dir, 'pid')
  if (existsSync(pid)) expect(processLives(Number(readFileSync(pid, 'utf8')))).toBe(false)
  return thrown as StartupError
}

const refused = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('error', () => resolve(true))
    socket.once('connect', () => resolve(false))
    socket.once('connect', () => socket.destroy())
  })

/**
 * Nothing listens there, or another program that was given the port meanwhile: not the one whose
 * files are in `dir`.
 */
const isFreeOf = async (port: number, dir: string): Promise<boolean> => {
  const holder = await portHolder(port)
  return holder === null ? refused(port) : !holder.command.includes(dir)
}

describe.concurrent('a program that is never started properly', () => {
  test.each<[string, string, string, string, string[]]>([
    [
      'does not parse',
      '\nconst a = ;\n',
      'syntax',
      'server.ts line 2: Expression expected. Nothing was run.',
      ['const a = ;', '          ^'],
    ],
    [
      'ends in the middle',
      'function a() {\n  if (true {\n}\n',
      'syntax',
      "server.ts line 2: Expected ')', got '{'. Nothing was run.",
      ['  if (true {'],
    ],
    [
      'has an enum',
      '\n\nenum Colour { Red }\nconsole.log(Colour.Red)',
      'typescript-syntax',
      'server.ts line 3: enum needs code to be generated, and this course runs TypeScript by leaving the types out. Use an object or a union of strings. Nothing was run.',
      ['enum Colour { Red }'],
    ],
    [
      'has a parameter property',
      'class A {\n  constructor(private readonly x: number) {}\n}\nnew A(1)',
      'typescript-syntax',
      'server.ts line 2: a parameter property (constructor(private x)) needs code to be generated. Declare the field and assign it in the constructor. Nothing was run.',
      ['  constructor(private readonly x: number) {}'],
    ],
    [
      'has a namespace',
      'namespace A { export const b = 1 }\nconsole.log(A.b)',
      'typescript-syntax',
      'server.ts line 1: a namespace needs code to be generated. Use a module. Nothing was run.',
      [],
    ],
    [
      'has a decorator',
      'const d = (_: unknown) => {}\n@d\nclass A {}\nnew A()',
      'syntax',
      'server.ts line 2: Invalid or unexpected token. Nothing was run.',
      ['@d'],
    ],
    [
      'imports a package nobody has',
      "import x from 'fastify'\nx()",
      'missing-import',
      "The package 'fastify' is not installed. Node's own modules, express and cookie-parser are there.",
      ["Cannot find package 'fastify' imported from"],
    ],
    [
      'imports a file that is not there',
      "import { x } from './store.ts'\nx()",
      'missing-import',
      "The file 'store.ts' you import does not exist. Imports of files carry their ending: './store.ts'.",
      [],
    ],
    [
      'imports a file without its ending',
      "import { x } from './other'\nx()",
      'missing-import',
      "The file 'other' you import does not exist. Imports of files carry their ending: './store.ts'.",
      [],
    ],
    [
      'imports a module Node does not have',
      "import x from 'node:htp'\nx()",
      'missing-import',
      "Node has no built-in module called 'node:htp'.",
      ['No such built-in module: node:htp'],
    ],
    [
      'imports a name Node does not have',
      "import { createServr } from 'node:http'\ncreateServr()",
      'missing-import',
      "server.ts line 1: 'node:http' has no export called 'createServr'. Nothing was run.",
      ["import { createServr } from 'node:http'"],
    ],
    [
      'imports a name its own file does not have',
      "import { nope } from './other.ts'\nnope()",
      'missing-import',
      "server.ts line 1: './other.ts' has no export called 'nope'. Nothing was run.",
      [],
    ],
    [
      'imports a file that does not parse',
      "import './bad.ts'",
      'syntax',
      'bad.ts line 2: Unexpected token `=`. Expected yield, an identifier, [ or {. Nothing was run.',
      ['const = 3'],
    ],
  ])('%s', async (_, source, id, message, lines) => {
    const told = await fault(source, {
      'other.ts': 'export const x = () => {}\n',
      'bad.ts': '\nconst = 3\n',
    })
    expect([told.id, told.message]).toEqual([id, message])
    for (const line of lines) expect(told.lines.join('\n')).toContain(line)
    expect(told.lines.join('\n')).not.toMatch(/node:internal|resolve-from-project/)
  })
})

describe.concurrent('a program that ends before it listens', () => {
  test.each<[string, string, string, string, string[]]>([
    [
      'with nothing to do',
      "import './pid.ts'\nconsole.log('done')",
      'exits',
      'Your program exited with code 0 before it listened on its port. A server stays alive while it listens; does your program call listen()?',
      ['done'],
    ],
    [
      'with a code of its own',
      "import './pid.ts'\nconsole.error('bye')\nprocess.exit(7)",
      'exits',
      'Your program exited with code 7 before it listened on its port.',
      ['bye'],
    ],
    [
      'by a throw',
      "import './pid.ts'\nfunction go(): void {\n  throw new TypeError('no such port')\n}\n\ngo()",
      'exits',
      'server.ts line 3: Your program exited with code 1 before it listened on its port: TypeError: no such port',
      ["  throw new TypeError('no such port')", '        ^', 'TypeError: no such port'],
    ],
    [
      'by a throw in a file it imports',
      "import { go } from './other.ts'\ngo()",
      'exits',
      'other.ts line 2: Your program exited with code 1 before it listened on its port: Error: deep',
      ["  throw new Error('deep')"],
    ],
    [
      'by a rejected promise',
      "setTimeout(() => {\n  void Promise.reject(new Error('much later'))\n}, 5)\nsetInterval(() => {}, 1000)",
      'exits',
      'server.ts line 2: Your program exited with code 1 before it listened on its port: Error: much later',
      ['Error: much later'],
    ],
    [
      'by a throw that is no error',
      "throw 'some text'",
      'exits',
      'Your program exited with code 1 before it listened on its port: some text',
      ['some text'],
    ],
    [
      'by JSON that is none',
      "const settings = JSON.parse('{oops') as { port: number }\nconsole.log(settings.port)",
      'exits',
      "server.ts line 1: Your program exited with code 1 before it listened on its port: SyntaxError: Expected property name or '}' in JSON at position 1 (line 1 column 2)",
      ["SyntaxError: Expected property name or '}' in JSON at position 1"],
    ],
    [
      'by a pattern that is none',
      "const pattern = new RegExp('(')\nconsole.log(pattern)",
      'exits',
      'server.ts line 1: Your program exited with code 1 before it listened on its port: SyntaxError: Invalid regular expression: /(/: Unterminated group',
      ['Invalid regular expression'],
    ],
    [
      'by a signal',
      "process.kill(process.pid, 'SIGKILL')\nsetInterval(() => {}, 1000)",
      'exits',
      'Your program was ended by SIGKILL before it listened on its port. The system sends SIGKILL when memory runs out.',
      [],
    ],
    [
      'by reading what is not its own',
      "import { readFileSync } from 'node:fs'\nreadFileSync('/etc/hostname')",
      'outside-folder',
      'server.ts line 2: it reached for /etc/hostname. A graded program may use its own folder and the installed packages only.',
      [],
    ],
    [
      'by writing what is not its own',
      "import { writeFileSync } from 'node:fs'\nwriteFileSync('/etc/roundtrip-nope', 'x')",
      'outside-folder',
      'server.ts line 2: it reached for /etc/roundtrip-nope. A graded program may use its own folder and the installed packages only.',
      [],
    ],
    [
      'by starting another',
      "import { spawn } from 'node:child_process'\nspawn('sleep', ['5'])",
      'outside-folder',
      'server.ts line 2: it tried to start sleep. A graded program is one process.',
      [],
    ],
    [
      'for want of memory',
      'const all: unknown[] = []\nfor (;;) all.push(new Array(1e6).fill(1))',
      'memory',
      'It used more memory than it may have (512 MB of objects, 1 GB in all) and was ended.',
      [],
    ],
  ])('%s', async (_, source, id, message, lines) => {
    const told = await fault(source, {
      'other.ts': "export function go(): void {\n  throw new Error('deep')\n}\n",
    })
    expect([told.id, told.message]).toEqual([id, message])
    for (const line of lines) expect(told.lines.join('\n')).toContain(line)
    expect(told.lines.join('\n')).not.toMatch(/node:internal|Node\.js v/)
  })
})

describe.concurrent('a program that listens where nobody comes', () => {
  test('on a port of its own choice', async () => {
    const told = await fault(
      `${HTTP}import './pid.ts'\ncreateServer(answer).listen(0, '127.0.0.1', function (this: any) { console.log('listening on ' + this.address().port) })`,
    )
    expect(told.id).toBe('wrong-port')
    const port =
      /^You listen on port (\d+); the exercise gives you the port in process\.env\.PORT \(this time \d+\)\. It changes every run\.$/.exec(
        told.message,
      )?.[1]
    expect(told.lines).toEqual([`listening on ${port}`])
    expect(await refused(Number(port))).toBe(true)
  })

  test('on a port that is taken', async () => {
    const holder = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => holder.once('listening', resolve))
    const { port } = holder.address() as AddressInfo
    const told = await fault(`${HTTP}createServer(answer).listen(${port}, '127.0.0.1')`)
    expect([told.id, told.message]).toEqual([
      'wrong-port',
      expect.stringMatching(
        new RegExp(
          `^You listen on port ${port}, which is taken; the exercise gives you the port in process\\.env\\.PORT \\(this time \\d+\\)\\.$`,
        ),
      ),
    ])
    await new Promise((resolve) => holder.close(resolve))
  })

  test('on ::1 only', async () => {
    const told = await fault(
      `${HTTP}import './pid.ts'\ncreateServer(answer).listen(${PORT}, '::1')`,
    )
    expect([told.id, told.message]).toEqual([
      'wrong-interface',
      "You listen on ::1 only, and the grader comes by 127.0.0.1. Leave the host out, or listen on '127.0.0.1'.",
    ])
  })
})

describe.concurrent('a program that starts', () => {
  test.each<[string, string]>([
    ['on 127.0.0.1', `${HTTP}import './pid.ts'\ncreateServer(answer).listen(${PORT}, '127.0.0.1')`],
    ['on every address', `${HTTP}import './pid.ts'\ncreateServer(answer).listen(${PORT})`],
    [
      'late',
      `${HTTP}import './pid.ts'\nsetTimeout(() => createServer(answer).listen(${PORT}), 1500)`,
    ],
    [
      'on another port first',
      `${HTTP}import './pid.ts'\ncreateServer(answer).listen(0, '127.0.0.1', () => setTimeout(() => createServer(answer).listen(${PORT}), 1200))`,
    ],
    [
      'with express',
      `import './pid.ts'\nimport express from 'express'\nimport cookies from 'cookie-parser'\nconst app = express()\napp.use(cookies())\napp.get('/', (_: unknown, response: any) => response.send('hello'))\napp.listen(${PORT}, '127.0.0.1')`,
    ],
    [
      'with much to say',
      `${HTTP}import './pid.ts'\nconsole.log('x'.repeat(5e6))\ncreateServer(answer).listen(${PORT}, '127.0.0.1')`,
    ],
  ])('%s', async (_, source) => {
    const program = write({ 'server.ts': source })
    const running = await start(program)
    const pid = Number(readFileSync(join(program.dir, 'pid'), 'utf8'))
    expect(await (await fetch(`http://${running.host}:${running.port}/`)).text()).toBe('hello')
    expect([running.exit(), processLives(pid), running.readyMs > 0]).toEqual([null, true, true])
    expect(await running.end()).toBe(false)
    expect([processLives(pid), await isFreeOf(running.port, program.dir)]).toEqual([false, true])
    expect(await running.end()).toBe(false)
  })

  test('is told PORT and nothing of the grader', async () => {
    process.env['ROUNDTRIP_SECRET'] = 'x'
    const running = await start(
      write({
        'server.ts': `${HTTP}console.log(JSON.stringify(Object.keys(process.env)))\ncreateServer(answer).listen(${PORT})`,
      }),
    )
    delete process.env['ROUNDTRIP_SECRET']
    const names = JSON.parse(running.log().split('\n')[0]!) as string[]
    await running.end()
    expect(names).toContain('PORT')
    expect(names.filter((name) => /^(ROUNDTRIP|npm_|NODE_|VITEST|PUPPETEER)/.test(name))).toEqual(
      [],
    )
  })

  test('may be killed while it runs, and that is seen', async () => {
    const program = write({
      'server.ts': `${HTTP}import './pid.ts'\ncreateServer(answer).listen(${PORT})`,
    })
    const running = await start(program)
    process.kill(Number(readFileSync(join(program.dir, 'pid'), 'utf8')), 'SIGKILL')
    expect(await until(5000, () => running.exit() ?? undefined)).toMatchObject({
      signal: 'SIGKILL',
      code: null,
    })
    await running.end()
  })

  test('that ignores SIGTERM is killed, and said to have been', async () => {
    const program = write({
      'server.ts': `${HTTP}import './pid.ts'\nprocess.on('SIGTERM', () => {})\ncreateServer(answer).listen(${PORT})`,
    })
    const running = await start(program)
    expect(await running.end()).toBe(true)
    expect(processLives(Number(readFileSync(join(program.dir, 'pid'), 'utf8')))).toBe(false)
  })
})

describe.concurrent('a command', () => {
  const command = (line: string): Program => ({
    kind: 'command',
    command: line,
    dir: write({
      'app.mjs': `import { createServer } from 'node:http'\ncreateServer((_, response) => response.end('hello')).listen(${PORT}, '127.0.0.1')`,
    }).dir,
  })

  test('is run by a shell, with PORT set', async () => {
    const running = await start(command(`echo "port $PORT" && "${process.execPath}" app.mjs`))
    expect(await (await fetch(`http://127.0.0.1:${running.port}/`)).text()).toBe('hello')
    expect(running.log()).toBe(`port ${running.port}\n`)
    await running.end()
    expect(await isFreeOf(running.port, 'app.mjs')).toBe(true)
  })

  test('that does not exist is told with what the shell said', async () => {
    const told: unknown = await start(command('no-such-command-here --port')).catch(
      (error: unknown) => error,
    )
    expect(told).toMatchObject({
      id: 'exits',
      message: 'Your program exited with code 127 before it listened on its port.',
      lines: [expect.stringContaining('no-such-command-here')],
    })
  })

  test('leaves nothing of what it started', async () => {
    const program = command(`sleep 300 & echo $! > child; exec "${process.execPath}" app.mjs`)
    const running = await start(program)
    const child = Number(readFileSync(join((program as { dir: string }).dir, 'child'), 'utf8'))
    expect(processLives(child)).toBe(true)
    await running.end()
    expect(processLives(child)).toBe(false)
  })

  test('in a folder that is not there is our complaint, not a failure', async () => {
    await expect(
      start({ kind: 'command', command: 'true', dir: join(root, 'nowhere') }),
    ).rejects.toBeInstanceOf(GraderError)
  })
})

describe.concurrent('a server that runs already', () => {
  test('is taken as it is, and left alone', async () => {
    const server = createServer((_, response) => response.end('hello')).listen(0, '127.0.0.1')
    await new Promise((resolve) => server.once('listening', resolve))
    const { port } = server.address() as AddressInfo
    const running = await start({ kind: 'url', url: `http://127.0.0.1:${port}` })
    expect([
      running.host,
      running.port,
      running.log(),
      running.exit(),
      await running.end(),
    ]).toEqual(['127.0.0.1', port, '', null, false])
    expect(await refused(port)).toBe(false)
    await new Promise((resolve) => server.close(resolve))
  })

  test('or does not', async () => {
    await expect(start({ kind: 'url', url: 'http://127.0.0.1:9' })).rejects.toMatchObject({
      id: 'nothing-listens',
      message: 'Nothing listens at http://127.0.0.1:9. Start your server first, then grade it.',
    })
  })
})

test('an aborted start leaves nothing', async () => {
  const program = write({ 'server.ts': "import './pid.ts'\nsetInterval(() => {}, 1000)" })
  const abort = new AbortController()
  const starting = start(program, abort.signal)
  await expect
    .poll(
      () =>
        existsSync(join(program.dir, 'pid')) &&
        readFileSync(join(program.dir, 'pid'), 'utf8') !== '',
    )
    .toBe(true)
  abort.abort(new Error('stopped'))
  await expect(starting).rejects.toThrow('stopped')
  expect(processLives(Number(readFileSync(join(program.dir, 'pid'), 'utf8')))).toBe(false)
})
