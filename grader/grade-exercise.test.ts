import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { Exercise, Lesson } from '../course/types.ts'
import { ownFolderPrefix } from './record/browser/own-folders.ts'
import { closeBrowser, warmBrowser } from './record/browser/browser.ts'
import type { Program } from './record/program/learner-program.ts'
import { processLives } from '../testing/process-lives.ts'
import { gradeExercise } from './grade-exercise.ts'
import type { GradeOptions, Grading } from './grade-options.ts'
import type { GradeEvent } from './types/index.ts'

let root: string
beforeAll(() => void (root = mkdtempSync(join(tmpdir(), 'roundtrip-grading-'))))
beforeAll(() => warmBrowser())
afterAll(closeBrowser)
afterAll(() => rmSync(root, { recursive: true, force: true }))

const lesson = {
  id: 'by-hand',
  title: 'By hand',
  headings: [{ id: 'greeting', text: 'How to greet', level: 2 }],
} as unknown as Lesson
const AUTHORING = JSON.stringify(join(import.meta.dirname, 'authoring.ts'))
let folders = 0

/** An exercise with these checks; the helpers of authoring.ts are there. */
function exercise(checks: string): Exercise {
  const dir = join(root, `exercise-${++folders}`)
  mkdirSync(dir)
  writeFileSync(
    join(dir, 'checks.ts'),
    `import { check, rule, scenario } from ${AUTHORING}\n${checks}\n`,
  )
  return {
    id: 'say-hello',
    title: 'Say hello',
    kind: 'server',
    dir,
    files: ['server.ts'],
  } as unknown as Exercise
}

/** A program; each of its processes leaves a file named after its pid. */
function program(source: string): Extract<Program, { kind: 'files' }> {
  const dir = join(root, `program-${++folders}`)
  mkdirSync(dir)
  const says =
    "import { createServer } from 'node:http'\nimport { writeFileSync } from 'node:fs'\nimport { fileURLToPath } from 'node:url'\nwriteFileSync(fileURLToPath(new URL('./pid-' + process.pid, import.meta.url)), '')\n"
  writeFileSync(join(dir, 'server.ts'), says + source)
  return { kind: 'files', dir, entry: 'server.ts', label: 'work/say-hello/server.ts' }
}
const GREETS =
  "createServer((request, response) => response.end('hello')).listen(Number(process.env.PORT), '127.0.0.1')"
const pidsOf = ({ dir }: { dir: string }) =>
  readdirSync(dir)
    .filter((name) => name.startsWith('pid-'))
    .map((name) => Number(name.slice(4)))

const VISIT =
  "const visit = scenario('Chromium opens the page', { record: async ({ newPage }) => ({ visit: await (await newPage()).open('/') }) })"
const GREETED = `${VISIT}
const greets = check('The page says hello', visit, { reread: 'greeting', spec: 'RFC 9110', verify: ({ visit }, expect) => { expect(visit.document).toHaveStatus(200).toHaveText('hello') } })`

async function grade(
  checks: string,
  graded: Program,
  more: Partial<Pick<GradeOptions, 'signal' | 'onEvent' | 'kept'>> = {},
): Promise<Grading & { events: GradeEvent[] }> {
  const events: GradeEvent[] = []
  const onEvent = (event: GradeEvent) => {
    events.push(event)
    more.onEvent?.(event)
  }
  return {
    ...(await gradeExercise({
      exercise: exercise(checks),
      lesson,
      program: graded,
      run: 'abc123',
      ...more,
      onEvent,
    })),
    events,
  }
}
const outcomes = ({ report }: Grading) =>
  Object.fromEntries(report.checks.map(({ id, outcome }) => [id, outcome]))

/** For scenarios written as text: what they do to this process. */
const hooks = globalThis as { hook?: (() => unknown) | undefined }
afterEach(() => void delete hooks.hook)

async function killBrowser(): Promise<void> {
  const browser = await warmBrowser()
  const { processInfo } = await (
    await browser.target().createCDPSession()
  ).send('SystemInfo.getProcessInfo')
  const gone = once(browser as never, 'disconnected')
  process.kill(processInfo.find(({ type }) => type === 'browser')!.id, 'SIGKILL')
  await gone
}

describe('a grading', () => {
  test('of a right program passes, and tells itself as it goes', async () => {
    const graded = program(GREETS)
    const grading = await grade(`${GREETED}\nexport default { greets }`, graded)
    expect(grading.report).toMatchObject({
      exercise: 'say-hello',
      title: 'Say hello',
      verdict: 'passed',
      run: 'abc123',
      program: 'work/say-hello/server.ts',
      notes: [],
    })
    expect(outcomes(grading)).toEqual({ starts: 'passed', greets: 'passed' })
    expect(grading.events.map(({ type }) => type)).toEqual([
      'started',
      'ready',
      'check',
      'exchange',
      'check',
      'finished',
    ])
    expect(grading.events[0]).toMatchObject({
      checks: [{ id: 'starts' }, { id: 'greets', title: 'The page says hello' }],
    })
    expect(grading.events.at(-1)).toEqual({ type: 'finished', report: grading.report })
    expect(grading.evidence).toMatchObject([
      { scenario: 'Chromium opens the page', exchanges: [{ request: { target: '/' } }] },
    ])
    expect(pidsOf(graded).filter(processLives)).toEqual([])
  })

  test('of a wrong one says what, where, how to see it again and what to read', async () => {
    const { report } = await grade(
      `${GREETED}\nexport default { greets }`,
      program(GREETS.replace('hello', 'goodbye')),
    )
    expect(report.verdict).toBe('failed')
    expect(report.checks[1]).toMatchObject({
      id: 'greets',
      outcome: 'failed',
      spec: 'RFC 9110',
      reread: {
        lesson: 'by-hand',
        lessonTitle: 'By hand',
        anchor: 'greeting',
        heading: 'How to greet',
      },
      reproduce: [
        expect.stringMatching(/^npm run serve -- say-hello --file \/.*\/server\.ts$/),
        'curl -i http://127.0.0.1:3000/',
      ],
      findings: [{ holds: true }, { holds: false, expected: 'hello', received: 'goodbye' }],
    })
  })

  test('gives every scenario a process of its own, and runs none that is not needed', async () => {
    const counts =
      "let count = 0\ncreateServer((request, response) => response.end(String(++count))).listen(Number(process.env.PORT), '127.0.0.1')"
    const checks = `const ask = (title) => scenario(title, { record: async ({ send }) => ({ answer: await send('/') }) })
      const first = check('First', ask('one'), { verify: ({ answer }, expect) => { expect(answer).toHaveText('1') } })
      const second = check('Second', ask('two'), { verify: ({ answer }, expect) => { expect(answer).toHaveText('1') } })
      const wrong = check('Wrong', ask('three'), { verify: ({ answer }, expect) => { expect(answer).toHaveText('2') } })
      const never = check('Never', ask('four'), { after: wrong, verify: ({ answer }, expect) => { expect(answer).toHaveText('1') } })
      export default { first, second, wrong, never }`
    const grading = await grade(checks, program(counts))
    expect(outcomes(grading)).toEqual({
      starts: 'passed',
      first: 'passed',
      second: 'passed',
      wrong: 'failed',
      never: 'skipped',
    })
    expect(grading.report.checks.find(({ id }) => id === 'never')?.needs).toBe('wrong')
    expect(grading.evidence.map(({ scenario }) => scenario).toSorted()).toEqual([
      'one',
      'three',
      'two',
    ])
  })

  test('of a program that does not start tries no check', async () => {
    const graded = program("throw new Error('no')")
    const grading = await grade(`${GREETED}\nexport default { greets }`, graded)
    expect(grading.report).toMatchObject({
      verdict: 'failed',
      checks: [
        { id: 'starts', outcome: 'failed', diagnosis: { id: 'exits' } },
        { id: 'greets', outcome: 'skipped', needs: 'starts' },
      ],
    })
    expect(grading.events.map(({ type }) => type)).toEqual([
      'started',
      'check',
      'check',
      'finished',
    ])
    expect(pidsOf(graded).filter(processLives)).toEqual([])
  })

  test('of a program that starts only once fails the check whose scenario had none', async () => {
    const onlyOnce =
      "import { existsSync } from 'node:fs'\nconst mark = fileURLToPath(new URL('./mark', import.meta.url))\nif (existsSync(mark)) throw new Error('only once')\nwriteFileSync(mark, '')\n"
    const checks = `const ask = (title) => scenario(title, { record: async ({ send }) => ({ answer: await send('/') }) })
      const first = check('First', ask('one'), { verify: ({ answer }, expect) => { expect(answer).toHaveStatus(200) } })
      const second = check('Second', ask('two'), { after: first, verify: ({ answer }, expect) => { expect(answer).toHaveStatus(200) } })
      export default { first, second }`
    const grading = await grade(checks, program(onlyOnce + GREETS))
    expect(grading.report.verdict).toBe('failed')
    expect(grading.report.checks.filter(({ outcome }) => outcome === 'failed')).toMatchObject([
      { diagnosis: { id: 'exits', say: expect.stringContaining('line 7') } },
    ])
  })

  test('of a program that will not end says so, and ends it', async () => {
    const graded = program(`process.on('SIGTERM', () => {})\n${GREETS}`)
    const { report } = await grade(`${GREETED}\nexport default { greets }`, graded)
    expect([report.verdict, report.notes]).toEqual([
      'passed',
      ['Your program, or something it started, did not end when asked to and was ended.'],
    ])
    expect(pidsOf(graded).filter(processLives)).toEqual([])
  })

  test('of a program that crashes while it is asked says so', async () => {
    const { report } = await grade(
      `${GREETED}\nexport default { greets }`,
      program(
        `createServer(() => { throw new RangeError('too far') }).listen(Number(process.env.PORT), '127.0.0.1')`,
      ),
    )
    expect(report.checks[1]).toMatchObject({
      outcome: 'failed',
      diagnosis: {
        id: 'crashed',
        say: expect.stringMatching(
          /^Your program exited with code 1 .*: RangeError: too far \(server\.ts line \d+\)$/,
        ),
      },
    })
  })

  test.each([
    ['in the same turn', "response.end('hello'); throw new RangeError('too far')"],
    [
      'when the answer has left',
      "response.on('finish', () => { throw new RangeError('too far') }); response.end('hello')",
    ],
    [
      'in a turn of its own',
      "response.end('hello'); setImmediate(() => setImmediate(() => { throw new RangeError('too far') }))",
    ],
    [
      'after some work',
      "response.end('hello', () => { for (const end = Date.now() + 150; Date.now() < end; ); throw new RangeError('too far') })",
    ],
  ])('of a program that answers, then crashes %s, says so', async (_, steps) => {
    const answers = `createServer((request, response) => { if (request.url !== '/') return response.writeHead(404).end(); ${steps} }).listen(Number(process.env.PORT), '127.0.0.1')`
    const checks = `const ask = scenario('Asked once', { record: async ({ send }) => ({ answer: await send('/') }) })
      const greets = check('It says hello', ask, { verify: ({ answer }, expect) => { expect(answer).toHaveStatus(200).toHaveText('hello') } })
      export default { greets }`
    const { report } = await grade(checks, program(answers))
    expect(report.checks[1]).toMatchObject({
      outcome: 'failed',
      diagnosis: {
        id: 'crashed-after',
        say: 'Your program answered this, then crashed (it exited with code 1): RangeError: too far (server.ts line 5)',
      },
    })
  })

  test('of a server that runs already leaves it alone, and asks one thing at a time', async () => {
    let inside = 0
    let most = 0
    const server = createServer((_, response) => {
      most = Math.max(most, ++inside)
      setTimeout(() => {
        inside--
        response.end('hello')
      }, 50)
    })
    await once(server.listen(0, '127.0.0.1'), 'listening')
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const checks = `const ask = (title) => scenario(title, { record: async ({ send }) => ({ answer: await send('/') }) })
      const a = check('A', ask('one'), { verify: ({ answer }, expect) => { expect(answer).toHaveText('hello') } })
      const b = check('B', ask('two'), { verify: ({ answer }, expect) => { expect(answer).toHaveText('goodbye') } })
      export default { a, b }`
    const { report } = await grade(checks, { kind: 'url', url })
    expect(report).toMatchObject({
      verdict: 'failed',
      program: url,
      checks: [
        { outcome: 'passed' },
        { outcome: 'passed' },
        { outcome: 'failed', reproduce: [`curl -i ${url}/`] },
      ],
    })
    expect([most, await (await fetch(url)).text()]).toEqual([1, 'hello'])
    server.close()
  })
})

describe('an exercise that is broken', () => {
  test.each<[string, string, RegExp]>([
    [
      'a verify that throws',
      `${VISIT}\nconst greets = check('Broken', visit, { verify: ({ visit }) => visit.missing.status })`,
      /^Cannot read properties of undefined \(reading 'status'\) \(exercise-\d+\/checks\.ts line 3\)$/,
    ],
    [
      'a scenario that throws',
      `const visit = scenario('Broken', { record: async ({ newPage }) => (await newPage()).opne('/') })\nconst greets = check('Broken', visit, { verify: () => {} })`,
      /^.*opne is not a function \(exercise-\d+\/checks\.ts line 2\)$/,
    ],
    [
      'a check without a claim',
      `${VISIT}\nconst greets = check('Broken', visit, { verify: () => {} })`,
      /^verify\(\) made no claim, so it could not fail\.$/,
    ],
  ])('by %s errs, and costs the learner no verdict', async (_, checks, error) => {
    const grading = await grade(`${checks}\nexport default { greets }`, program(GREETS))
    expect(grading.report).toMatchObject({
      verdict: 'errored',
      checks: [{ outcome: 'passed' }, { outcome: 'errored', error: expect.stringMatching(error) }],
    })
  })

  test('by checks that do not load says which file', async () => {
    const { report } = await grade('export default {', program(GREETS))
    expect(report).toMatchObject({
      verdict: 'errored',
      checks: [],
      error: expect.stringMatching(
        /^exercises\/say-hello\/checks\.ts could not be loaded: .* npm run verify say-hello tries it\.$/s,
      ),
    })
  })

  test('by a file of a command that was saved meanwhile, and by none that was not', async () => {
    const { dir } = program(GREETS)
    const graded: Program = { kind: 'command', command: `"${process.execPath}" server.ts`, dir }
    const file = join(dir, 'server.ts')
    const content = readFileSync(file)
    const kept = [{ path: 'server.ts', content }]
    const greets = `${GREETED}\nexport default { greets }`
    const saving = (...texts: readonly (string | Uint8Array)[]) =>
      grade(greets, graded, {
        kept,
        onEvent: ({ type }) =>
          void (type === 'ready' && texts.forEach((text) => writeFileSync(file, text))),
      })
    expect((await saving()).report).toMatchObject({ verdict: 'passed' })
    const says = {
      verdict: 'errored',
      error:
        'server.ts was saved while it was graded, so the verdict would speak of two programs. Run it again.',
    }
    // What was judged meanwhile may have been another program, although the old one is back.
    expect((await saving('throw 1', content)).report).toMatchObject(says)
    expect((await saving('throw 1')).report).toMatchObject(says)
    expect((await saving()).report).toMatchObject(says)
  })

  test('by an answer of an origin that throws says what it threw', async () => {
    const origin =
      "const asks = scenario('A client asks a partner', { record: async ({ origin }) => { const partner = await origin('the partner', () => { throw new Error('no such row') }); await fetch(partner.url).catch(() => {}); return { asked: partner.exchanges() } } })"
    const answered =
      "const answered = check('The partner is answered', asks, { verify: ({ asked }, expect) => { expect(asked[0]).toHaveStatus(200) } })"
    const { report } = await grade(
      `${origin}\n${answered}\nexport default { answered }`,
      program(GREETS),
    )
    expect(report).toMatchObject({
      verdict: 'errored',
      checks: [
        { outcome: 'passed' },
        { outcome: 'errored', error: expect.stringContaining('no such row') },
      ],
    })
  })

  test('by a broken diagnosis keeps the failure', async () => {
    const checks = `${VISIT}\nconst greets = check('Greets', visit, { verify: ({ visit }, expect) => { expect(visit.document).toHaveStatus(404) }, diagnose: { broken: rule({ when: ({ visit }) => visit.missing.status, say: 'x' }) } })`
    const { report } = await grade(`${checks}\nexport default { greets }`, program(GREETS))
    expect(report).toMatchObject({
      verdict: 'failed',
      checks: [
        {},
        { outcome: 'failed', error: expect.stringContaining('The diagnosis could not be made') },
      ],
    })
  })
})

describe('a file that is saved while it is graded', () => {
  const second =
    "const again = scenario('Chromium opens it again', { record: async ({ newPage }) => ({ visit: await (await newPage()).open('/') }) })\nconst greetsAgain = check('It says hello again', again, { verify: ({ visit }, expect) => { expect(visit.document).toHaveText('hello') } })"
  const checks = `${GREETED}\n${second}\nexport default { greets, greetsAgain }`

  // Before the start, between the scenarios, while they are judged, and afterwards.
  test.for(['started', 'ready', 'exchange', 'check', 'finished'] as const)(
    'at the event %s is judged as it was when the grading began',
    async (moment, { expect }) => {
      const right = program(
        `import { greeting } from './greeting.ts'\n${GREETS.replace("'hello'", 'greeting')}`,
      )
      const paths = ['server.ts', 'greeting.ts'].map((name) => join(right.dir, name))
      writeFileSync(paths[1]!, "export const greeting: string = 'hello'")
      const kept = [{ path: 'server.ts', content: readFileSync(paths[0]!) }]
      const save = ({ type }: GradeEvent) =>
        type === moment && paths.forEach((path) => writeFileSync(path, "throw new Error('saved')"))
      const first = await grade(checks, right, { kept, onEvent: (event) => void save(event) })
      expect([first.report.verdict, first.report.error]).toEqual(['passed', undefined])
      // And what is there now is judged next.
      expect((await grade(checks, right)).report.verdict).toBe('failed')
    },
  )

  test('before the grading that was given its bytes is judged by them', async () => {
    const graded = program(GREETS)
    const kept = [{ path: 'server.ts', content: Buffer.from("throw new Error('kept')") }]
    const { report } = await grade(checks, graded, { kept })
    expect(report.checks[0]).toMatchObject({
      outcome: 'failed',
      diagnosis: { say: expect.stringMatching(/^server\.ts line 1: .*Error: kept/) },
    })
    expect(
      readdirSync(tmpdir()).filter((name) => name.startsWith(ownFolderPrefix('snapshots'))),
    ).toEqual([])
  })
})

describe('a browser that dies in the middle', () => {
  const checks = `const visit = scenario('Chromium opens the page twice', { async record({ newPage }) {
      const page = await newPage()
      await page.open('/')
      await globalThis.hook?.()
      return { visit: await page.open('/') }
    } })
    const greets = check('The page says hello', visit, { verify: ({ visit }, expect) => { expect(visit.document).toHaveText('hello') } })
    export default { greets }`

  test.each([
    ['hello', 'passed'],
    ['goodbye', 'failed'],
  ])('costs one repetition, and the verdict of "%s" is right', async (greeting, verdict) => {
    let deaths = 0
    hooks.hook = () => (deaths++ === 0 ? killBrowser() : undefined)
    const grading = await grade(checks, program(GREETS.replace('hello', greeting)))
    expect(deaths).toBe(2)
    expect([grading.report.verdict, grading.report.notes]).toEqual([
      verdict,
      ['The browser died; your work was not judged. Running it again.'],
    ])
    expect(grading.events.filter(({ type }) => type === 'repeated')).toEqual([
      {
        type: 'repeated',
        scenario: 'Chromium opens the page twice',
        reason: 'The browser died; your work was not judged. Running it again.',
      },
    ])
    expect(grading.evidence).toHaveLength(1)
  })

  test('and dies again and again is our fault', async () => {
    hooks.hook = () => killBrowser()
    const graded = program(GREETS)
    const { report } = await grade(checks, graded)
    expect(report).toMatchObject({
      verdict: 'errored',
      checks: [],
      error: 'The browser died several times. npm run doctor tells whether it starts at all.',
    })
    expect(pidsOf(graded).filter(processLives)).toEqual([])
  })
})

describe('a grading that is stopped', () => {
  const contexts = async () => (await warmBrowser()).browserContexts().length

  test.each<[string, string]>([
    ['while its program starts', 'started'],
    ['while a scenario runs', 'exchange'],
  ])('%s gives back its reason and leaves nothing', async (_, when) => {
    const before = await contexts()
    const graded = program(`setTimeout(() => ${GREETS}, 300)`)
    const abort = new AbortController()
    const checks = `const visit = scenario('Slow', { async record({ newPage, wait }) { const page = await newPage(); await page.open('/'); await wait(60); return { visit: await page.open('/') } } })
      const greets = check('Greets', visit, { verify: ({ visit }, expect) => { expect(visit.document).toHaveText('hello') } })
      export default { greets }`
    const events: string[] = []
    const onEvent = ({ type }: GradeEvent) => {
      events.push(type)
      if (type === when) setTimeout(() => abort.abort(new Error('stopped')), 50)
    }
    await expect(grade(checks, graded, { signal: abort.signal, onEvent })).rejects.toThrow(
      'stopped',
    )
    expect(events).not.toContain('finished')
    expect(pidsOf(graded).filter(processLives)).toEqual([])
    expect(await contexts()).toBeLessThanOrEqual(before + 1)
    expect(readFileSync(join(graded.dir, 'server.ts'), 'utf8')).toContain('hello')
  })

  test('before it began gives back its reason', async () => {
    const abort = new AbortController()
    abort.abort(new Error('stopped'))
    await expect(
      grade(`${GREETED}\nexport default { greets }`, program(GREETS), { signal: abort.signal }),
    ).rejects.toThrow('stopped')
  })
})
