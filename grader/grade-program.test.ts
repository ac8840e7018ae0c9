import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, describe, expect, test } from 'vitest'
import { closeBrowser } from './record/browser/browser.ts'
import type { Grading } from './grade-options.ts'
import { writtenExercises } from '../testing/written-exercises.ts'

const { grade, remove } = writtenExercises()
afterAll(closeBrowser)
afterAll(remove)

const told = ({ report }: Grading) =>
  report.error ??
  report.checks
    .slice(1)
    .map(({ id, outcome, error, diagnosis, findings }) =>
      [
        id,
        outcome,
        error ?? diagnosis?.say ?? findings.find(({ holds }) => !holds)?.received ?? '',
      ].join(' | '),
    )

const listening = (handler: string, before = '') =>
  `import { createServer } from 'node:http'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
${before}
const server = createServer(${handler})
server.listen(Number(process.env.PORT), '127.0.0.1')
`

describe('put-and-restart: what was stored is there after a new start', () => {
  const checks = `const visit = scenario('A note is put, and the program is started again', {
  setUp: ({ random }) => ({ environment: { VERSION: random.word() } }),
  async record({ newPage, program, random }, { environment }) {
    const page = await newPage()
    const note = random.word()
    await page.open('/')
    const put = await page.fetch('/note', { method: 'PUT', body: note })
    const before = program.pid
    await program.restart({ environment: { VERSION: 'second' } })
    const answer = await page.fetch('/note')
    return { note, put, answer, pids: [before, program.pid], jar: await page.jar(), output: program.output() }
  },
  facts: ({ answer, ...rest }) => ({ ...rest, answer: answer.exchange }),
})
const survives = check('The note survived', visit, { verify: ({ answer, note }, expect) => { expect(answer).toHaveStatus(200).toHaveText(note) } })
const same = check('Nothing of the browser was lost', visit, { verify: ({ jar, pids }, expect) => {
  expect(jar).toHold('visited')
  expect(pids[0] !== pids[1], 'another process').toBe(true)
} })
const printed = check('Each start is in the output', visit, { verify: ({ output, pids }, expect) => {
  expect(output.map(({ stream, text, pid }) => [stream, text, pids.indexOf(pid)]), 'the lines').toBe([['stdout', 'up', 0], ['stderr', 'wär', 0], ['stdout', 'up second', 1], ['stderr', 'wär', 1]])
} })
export default { survives, same, printed }`
  const keeps = listening(
    `(request, response) => {
  response.setHeader('Set-Cookie', 'visited=1; Max-Age=100')
  if (request.method === 'PUT') {
    let body = ''
    request.on('data', (chunk) => (body += chunk)).on('end', () => (save(body), response.writeHead(204).end()))
    return
  }
  const note = read()
  response.statusCode = request.url === '/' || note !== undefined ? 200 : 404
  response.end(note ?? 'nothing')
}`,
    `console.log(process.env.VERSION === 'second' ? 'up second' : 'up')
console.error('wär')
const save = (text: string) => writeFileSync('note.txt', text)
const read = () => existsSync('note.txt') ? readFileSync('note.txt', 'utf8') : undefined`,
  )

  test('by a program that keeps it in a file', async () => {
    expect(told(await grade({ kind: 'server', checks, program: keeps }))).toEqual([
      'survives | passed | ',
      'same | passed | ',
      'printed | passed | ',
    ])
  })

  test('and not by one that keeps it in memory, which is shown with the new start', async () => {
    const forgets = keeps
      .replace("writeFileSync('note.txt', text)", '(kept = text)')
      .replace(
        "existsSync('note.txt') ? readFileSync('note.txt', 'utf8') : undefined",
        'kept\nlet kept: string | undefined',
      )
    const { report } = await grade({ kind: 'server', checks, program: forgets })
    const { outcome, reproduce } = report.checks[1]!
    expect(outcome).toBe('failed')
    const shown = reproduce.map((line) =>
      line.replace(/--file \S+/, '--file server.ts').replace(/--data-raw '\w+'/, "--data-raw 'x'"),
    )
    expect(shown[0]).toMatch(/^VERSION=\w+ npm run serve -- by-hand --file server\.ts$/)
    expect(shown.slice(1)).toEqual([
      'curl -i -c jar http://127.0.0.1:3000/',
      expect.stringContaining('curl -i -b jar -c jar -X PUT'),
      'Ctrl-C, then VERSION=second npm run serve -- by-hand --file server.ts',
      'curl -i -b jar http://127.0.0.1:3000/note',
    ])
  })
})

describe('crash-proof-500: one failure, one response', () => {
  const checks = `const visit = scenario('Two actions fail, and the next one comes', { async record({ send, program }) {
  const { pid } = program
  const thrown = await send('/throws')
  const rejected = await send('/rejects')
  const died = !(await program.isRunning())
  if (died) await program.restart()
  const next = await send('/ok')
  return { thrown, rejected, next, died, same: program.pid === pid, log: program.output() }
} })
const is500 = check('A thrown error was answered with 500', visit, { verify: ({ thrown }, expect) => { expect(thrown).toHaveStatus(500) } })
const async500 = check('A rejection was answered with 500', visit, { verify: ({ rejected }, expect) => { expect(rejected).toHaveStatus(500) } })
const traceable = check('The id is in the log', visit, { after: is500, verify: ({ thrown, log }, expect) => {
  const { instance } = JSON.parse(text(thrown))
  expect(log.some((line) => line.stream === 'stderr' && line.text.includes(instance)), 'the id is on stderr').toBe(true)
} })
const next = check('The next request was answered', visit, { verify: ({ next }, expect) => { expect(next).toHaveStatus(200) } })
const sameProcess = check('It is the same process', visit, { verify: ({ same }, expect) => { expect(same, 'the same process').toBe(true) } })
export default { is500, async500, traceable, next, sameProcess }`
  const guarded = listening(
    `async (request, response) => {
  try { await act(request.url) } catch (error) {
    const instance = 'i-' + Math.random()
    console.error(instance, error)
    return response.writeHead(500).end(JSON.stringify({ instance }))
  }
  response.end('ok')
}`,
    `const act = (url = '') => { if (url === '/throws') throw new Error('secret'); return url === '/rejects' ? Promise.reject(new Error('secret')) : undefined }`,
  )

  test('by a program that catches both', async () => {
    expect(told(await grade({ kind: 'server', checks, program: guarded }))).toEqual([
      'is500 | passed | ',
      'async500 | passed | ',
      'traceable | passed | ',
      'next | passed | ',
      'same-process | passed | ',
    ])
  })

  test('by one that dies of a rejection, which is said where it matters and nowhere else', async () => {
    const dies = guarded.replace('await act', 'act')
    expect(told(await grade({ kind: 'server', checks, program: dies }))).toEqual([
      'is500 | passed | ',
      'async500 | failed | HTTP/1.1 200 OK',
      'traceable | passed | ',
      'next | passed | ',
      expect.stringMatching(
        /^same-process \| failed \| Your program exited with code 1 in the middle/,
      ),
    ])
  })
})

describe('a graceful end', () => {
  const checks = `const visit = scenario('SIGTERM comes while a request is under way', { async record({ connect, program, send }) {
  const slow = await connect()
  await slow.write('GET /slow HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n')
  await slow.receive((received) => received.includes('begun'))
  await program.kill('SIGTERM')
  const end = await program.exited()
  const received = await slow.receive((received) => received.includes('done'))
  return { received: new TextDecoder().decode(received.bytes), end, running: await program.isRunning() }
} })
const drained = check('The request was finished', visit, { verify: ({ received }, expect) => { expect(received.includes('done'), 'the end of the answer').toBe(true) } })
const clean = check('It exited with code 0', visit, { verify: ({ end, running }, expect) => { expect(end).toHaveEnded().toExitWith(0); expect(running, 'still there').toBe(false) } })
export default { drained, clean }`
  const program = listening(
    `(request, response) => { response.setHeader('Connection', 'close'); response.write('begun'); setTimeout(() => response.end('done'), 300) }`,
    `process.on('SIGTERM', () => server.close(() => process.exit(0)))`,
  )
  const gradeIt = (changed: string) => grade({ kind: 'server', checks, program: changed })

  test('that finishes what is under way is no failure', async () => {
    expect(told(await gradeIt(program))).toEqual(['drained | passed | ', 'clean | passed | '])
  })

  test('is also known of a command, whose shell waits for it', async () => {
    const grading = await grade({ kind: 'server', checks, program }, ({ dir }) => ({
      kind: 'command',
      command: 'node server.ts; exit $?',
      dir,
    }))
    expect(told(grading)).toEqual(['drained | passed | ', 'clean | passed | '])
  })

  test.for([
    ['a program without a handler', /^process\.on.*\n/m, '', /^SIGTERM ended it/],
    [
      'one that exits with another code',
      'exit(0)',
      'exit(3)',
      /^it exited with code 3 \d\.\d\d s after SIGTERM$/,
    ],
    [
      'one that goes on',
      /server\.close.*\)\)/,
      '{})',
      /^it was still running \d+\.\d\d s after SIGTERM$/,
    ],
  ] as const)('%s is told how it ended', async ([, from, to, received]) => {
    const { report } = await gradeIt(program.replace(from, to))
    const { outcome, diagnosis, findings } = report.checks[2]!
    expect([outcome, diagnosis]).toEqual(['failed', undefined])
    expect(findings.find(({ holds }) => !holds)!.received).toMatch(received)
  })
})

describe('a new start that fails is the fault of', () => {
  const checks = `const visit = scenario('It is started again', { async record({ program, send }) { await program.restart(); return { answer: await send('/') } } })
const answers = check('It answers again', visit, { verify: ({ answer }, expect) => { expect(answer).toHaveStatus(200) } })
export default { answers }`
  const answering = `(request, response) => response.end('ok')`

  test('a program that dies at it', async () => {
    const program = listening(
      answering,
      `if (existsSync('once')) throw new Error('data is damaged')\nwriteFileSync('once', '')`,
    )
    expect(told(await grade({ kind: 'server', checks, program }))).toEqual([
      'answers | failed | When it was started again: server.ts line 3: Your program exited with code 1 before it listened on its port: Error: data is damaged',
    ])
  })

  test('a program that leaves its port busy', async () => {
    // Nobody else ends it.
    const program = listening(answering, 'setTimeout(() => process.exit(), 20_000)')
    const grading = await grade({ kind: 'server', checks, program }, ({ dir }) => ({
      kind: 'command',
      // Neither its group nor its environment names what holds the port.
      command: `exec node -e "require('child_process').spawn(process.execPath, ['server.ts'], { detached: true, env: { PATH: process.env.PATH, PORT: ' ' + process.env.PORT }, stdio: 'ignore' }); setInterval(() => {}, 1000)"`,
      dir,
    }))
    expect(told(grading)).toEqual([
      expect.stringMatching(
        /^answers \| failed \| Your program has ended, but something it started still listens on port \d+/,
      ),
    ])
  })

  test('nobody where the program ignores SIGTERM: that is noted', async () => {
    const program = listening(answering, "process.on('SIGTERM', () => {})")
    const grading = await grade({ kind: 'server', checks, program })
    expect(told(grading)).toEqual(['answers | passed | '])
    expect(grading.report.notes).toEqual([
      'Your program, or something it started, did not end when asked to and was ended.',
    ])
  })
})

describe('an author is told', () => {
  const using = (
    record: string,
  ) => `const visit = scenario('It is used', { async record({ program, send }) { ${record}; return { answer: await send('/') } } })
const answers = check('It answers', visit, { verify: ({ answer }, expect) => { expect(answer).toHaveStatus(200) } })
export default { answers }`
  const program = listening(`(request, response) => response.end('ok')`)

  test.for([
    [
      "await program.kill('TERM')",
      'kill() sends SIGTERM, SIGINT, SIGHUP or SIGKILL, not "TERM". (',
    ],
    [
      "await program.restart({ environment: { PORT: '1' } })",
      'restart() keeps the port: leave PORT out of its environment. (',
    ],
  ])('of a mistake: %s', async ([record, error]) => {
    expect(told(await grade({ kind: 'server', checks: using(record!), program }))).toEqual([
      expect.stringContaining(`answers | errored | ${error!}`),
    ])
  })

  test('that a client is not ended', async () => {
    const grading = await grade({
      kind: 'client',
      checks: `const visit = scenario('It is used', { async record({ program }) { return { pid: program.pid } } })
const has = check('It has an id', visit, { verify: ({ pid }, expect) => { expect(pid, 'id').toBe(1) } })
export default { has }`,
      program: 'export const get = () => 1\n',
    })
    expect(told(grading)).toEqual([
      expect.stringContaining('has | errored | program is for exercises of the kind server'),
    ])
  })

  test('that a server which already runs cannot be ended', async () => {
    const running = createServer((_, response) => response.end('ok')).listen(0, '127.0.0.1')
    await new Promise((resolve) => running.once('listening', resolve))
    const { port } = running.address() as AddressInfo
    const grading = await grade(
      { kind: 'server', checks: using('await program.kill()'), program },
      () => ({
        kind: 'url',
        url: `http://127.0.0.1:${port}`,
      }),
    )
    running.close()
    expect(told(grading)).toContain('leave --url out, or use --cmd')
  })
})
