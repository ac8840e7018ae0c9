import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { decodeEvidence, type GradeEvent } from '../../grader/index.ts'
import { statSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { processesOf, untilGone } from '../../test/processes.ts'
import { boxInTests } from './probes/box-in-tests.ts'
import { testUser, withoutBox } from './probes/run-probes.ts'
import type { BoxJob } from './protocol.ts'
import type { BoxOutcome } from './read-box.ts'
import { gradeInBox, type BoxOptions } from './run-in-box.ts'
import { trialJob } from './trial/trial.ts'

type Tests = Awaited<ReturnType<typeof boxInTests>>

const VISIT = `
const visit = scenario('Chromium opens the page', { async record({ newPage }) {
  const { document } = await (await newPage()).open('/')
  return { document }
}, facts: (recorded) => recorded })
const answers = check('GET / answers 200', visit, { verify({ document }, expect) {
  expect(document).toHaveStatus(200)
} })
export default { answers }`

const serverThat = (does: string) =>
  `import { createServer } from 'node:http'\nimport { writeFileSync, readFileSync, writeSync } from 'node:fs'\n${does}\n`
const ANSWERS = `createServer((_, response) => response.end('<!doctype html><p>here')).listen(process.env.PORT)`

describe.skipIf(withoutBox !== null)('a grading in a box', () => {
  let tests: Tests
  beforeAll(async () => void (tests = await boxInTests()))
  afterAll(() => tests.remove())
  const grade = (program: string, options: BoxOptions = {}, checks = VISIT) =>
    gradeInBox(tests.job({ program: serverThat(program), checks }), { box: tests.box, ...options })

  test('passes a right program, tells what happens, and gives the evidence', async () => {
    const events: GradeEvent[] = []
    const users = new Set<number>()
    const onEvent = (event: GradeEvent) => {
      events.push(event)
      if (event.type === 'exchange') ofBoxes().forEach(({ pid }) => users.add(userOf(pid)))
    }
    const outcome = await gradeInBox(
      { ...trialJob(), run: '0a1b2c3d' },
      { box: tests.box, onEvent },
    )
    expect([...users]).toEqual([testUser?.uid ?? process.getuid!()])
    expect(users).not.toContain(0)
    const { grading, evidenceGz } = graded(outcome)
    expect(grading.report).toMatchObject({
      verdict: 'passed',
      run: '0a1b2c3d',
      program: 'work/trial/server.ts',
    })
    expect(events.map(({ type }) => type)).toEqual(
      expect.arrayContaining(['started', 'ready', 'exchange', 'check']),
    )
    expect(events.at(-1)).toEqual({ type: 'finished', report: grading.report })
    expect(grading.evidence.flatMap(({ exchanges }) => exchanges).length).toBeGreaterThan(1)
    expect(decodeEvidence(gunzipSync(evidenceGz).toString())).toEqual(grading.evidence)
  })

  test.each<[what: string, does: string, id: string, says: RegExp]>([
    [
      'listens on another port',
      `createServer().listen(Number(process.env.PORT) + 1)`,
      'wrong-port',
      /^You listen on port \d+/,
    ],
    ['ends', `process.exit(3)`, 'exits', /exited with code 3/],
    ['is ended by a signal', `process.kill(process.pid, 'SIGTERM')`, 'exits', /SIGTERM/],
    [
      'prints what a box prints that does not start',
      `console.error('bwrap: Creating new namespace failed'); process.exit(1)`,
      'exits',
      /exited with code 1/,
    ],
    ['ends as one that a signal ended', `process.exit(143)`, 'exits', /exited with code 143/],
    ['does not parse', `const = 1`, 'syntax', /Nothing was run/],
    [
      'takes too much memory',
      `const kept = []; for (;;) kept.push(new Array(1e6).fill(kept.length))`,
      'memory',
      /memory/,
    ],
  ])('says of a program that %s what it says without a box', async (_, does, id, says) => {
    const { report } = graded(await grade(does)).grading
    expect(report.verdict).toBe('failed')
    expect(report.checks[0]!.diagnosis).toMatchObject({ id, say: expect.stringMatching(says) })
  })

  test('lets a program write beside itself, and import packages', async () => {
    const { report } = graded(
      await grade(
        `import express from 'express'
         express().get('/', (_, response) => {
           writeFileSync('kept.txt', 'kept')
           response.type('html').send('<!doctype html><p>' + readFileSync('kept.txt', 'utf8'))
         }).listen(process.env.PORT)`,
      ),
    ).grading
    expect(report).toMatchObject({ verdict: 'passed' })
  })

  test('follows no link that a program leaves for its next start', async () => {
    const checks = `
      const exit = scenario('It is started again', { async record({ program, send }) {
        await program.restart()
        return { left: await send('/left'), linked: await send('/linked') }
      }, facts: (recorded) => recorded })
      const left = check('It finds what it left, and reads nothing more', exit, { verify({ left, linked }, expect) {
        expect(text(left), 'what it left').toBe('xx')
        expect(text(linked), 'what the link leads to').toBe('ENOENT')
      } })
      export default { left }`
    const job = tests.job({
      checks,
      program: serverThat(
        `import { symlinkSync, appendFileSync } from 'node:fs'
         try { symlinkSync('CHECKS', 'linked') } catch {}
         appendFileSync('left', 'x')
         createServer((request, response) => {
           if (request.url === '/left') return response.end(readFileSync('left'))
           try { response.end(readFileSync('linked')) } catch ({ code }) { response.end(code) }
         }).listen(process.env.PORT)`,
      ),
    })
    const [{ path, content }] = job.files as [BoxJob['files'][number]]
    const program = Buffer.from(content)
      .toString()
      .replace('CHECKS', join(job.exercise.dir, 'checks.ts'))
    // Without Node's own permissions, which know nothing of links that they allow.
    const exercise = { ...job.exercise, cmd: `${process.execPath} server.ts` }
    const files = [{ path, content: Buffer.from(program) }]
    const { report } = graded(
      await gradeInBox({ ...job, exercise, files }, { box: tests.box }),
    ).grading
    expect(report.checks.at(-1)).toMatchObject({ outcome: 'passed' })
  })

  test('shows a program the certificate that its grading made for it', async () => {
    const checks = `
      import { get } from 'node:https'
      const visit = scenario('A client asks over TLS', {
        async setUp({ certificate, random }) {
          const shown = await certificate(['shop.test', '127.0.0.1'])
          return { shown, environment: { KEY: shown.keyFile, CERT: shown.certFile, WORD: random.word() } }
        },
        record: ({ address }, { shown, environment }) => new Promise((resolve, reject) => {
          const options = { ca: shown.ca, servername: 'shop.test', agent: false }
          get(address.replace('http:', 'https:'), options, (response) =>
            response.on('data', (text) => resolve({ word: environment.WORD, text: String(text) }))).on('error', reject)
        }),
      })
      const answers = check('It answers over TLS', visit, { verify({ word, text }, expect) {
        expect(text, 'the answer').toBe(word)
      } })
      export default { answers }`
    const outcome = await grade(
      `import { createServer as secure } from 'node:https'
       const [key, cert] = [process.env.KEY, process.env.CERT].map((file) => readFileSync(file))
       secure({ key, cert }, (_, response) => response.end(process.env.WORD)).listen(process.env.PORT)`,
      {},
      checks,
    )
    expect(graded(outcome).grading.report.verdict).toBe('passed')
  })

  test('lets a program that is asked to end do so as it likes', async () => {
    const checks = `
      const exit = scenario('It gets SIGTERM', { async record({ program, send }) {
        await send('/')
        await program.kill('SIGTERM')
        return { end: await program.exited() }
      }, facts: (recorded) => recorded })
      const ended = check('It ended', exit, { verify({ end }, expect) {
        expect([end.code, end.signal].join(' '), 'its end').toBe('CODE SIGNAL')
      } })
      export default { ended }`
    for (const [does, code, signal] of [
      [`process.on('SIGTERM', () => setTimeout(() => process.exit(0), 200)); ${ANSWERS}`, '0', ''],
      [`process.on('SIGTERM', () => process.exit(143)); ${ANSWERS}`, '143', ''],
      [ANSWERS, '', 'SIGTERM'],
    ] as const) {
      const expected = checks.replace('CODE', code).replace('SIGNAL', signal)
      const { report } = graded(await grade(does, {}, expected)).grading
      expect(report.checks.at(-1)).toMatchObject({ outcome: 'passed' })
    }
  })

  test('23: takes no verdict from what a program prints', async () => {
    const end = { end: { report: 10, evidence: 10 } }
    const { report } = graded(
      await grade(
        `const line = ${JSON.stringify(`\n${JSON.stringify(end)}\n`)}
         for (const stream of [process.stdout, process.stderr]) stream.write(line)
         const tried = ['/proc/1/fd/1', '/proc/1/fd/2', '/proc/2/fd/1', '/dev/stdout', '/dev/fd/1']
         for (const path of tried) try { writeFileSync(path, line) } catch {}
         for (const descriptor of [0, 1, 2]) try { writeSync(descriptor, line) } catch {}
         createServer((_, response) => response.writeHead(500).end(line)).listen(process.env.PORT)`,
      ),
    ).grading
    expect(report.verdict).toBe('failed')
    expect(report.checks[1]!.findings.at(-1)).toMatchObject({ holds: false })
  })

  test('25: keeps the beginning of a flood of output, and gives its verdict', async () => {
    const { grading } = graded(
      await grade(
        `const flood = 'x'.repeat(1e6)
         for (let count = 0; count < 20; count++) { process.stdout.write(flood); process.stderr.write(flood) }
         ${ANSWERS}`,
      ),
    )
    expect(grading.report.verdict).toBe('passed')
    expect(grading.evidence[0]!.log.length).toBeLessThan(1e6)
  })

  test('says whose fault it is when an exercise errs', async () => {
    const outcome = await grade(ANSWERS, {}, `throw new Error('no checks today')`)
    expect(outcome).toMatchObject({
      kind: 'failed',
      why: 'erred',
      message: expect.stringContaining('no checks today'),
    })
  })

  test('says that a box does not start, and what it says itself', async () => {
    const { box } = tests
    const browser = [...box.places.browser, '/not/there']
    const outcome = await gradeInBox(trialJob(), {
      box: { ...box, places: { ...box.places, browser } },
    })
    expect(outcome).toMatchObject({
      kind: 'failed',
      why: 'broken',
      message: expect.stringContaining('/not/there'),
    })
  })

  test('is ended when its time is over, and leaves no process', async () => {
    const outcome = await grade('setInterval(() => {}, 1000)', { wallMs: 1500 })
    expect(outcome).toMatchObject({ kind: 'failed', why: 'timeout' })
    expect(ofBoxes()).toEqual([])
  })

  test('ends at once when it is aborted, and leaves no process', async () => {
    for (const when of ['started', 'ready', 'exchange'] as const) {
      const ending = new AbortController()
      let seen = 0
      const grading = grade(ANSWERS, {
        signal: ending.signal,
        onEvent({ type }) {
          if (type !== when || seen++ > 0) return
          expect(ofBoxes()).not.toEqual([])
          ending.abort(new Error('enough'))
        },
      })
      await expect(grading).rejects.toThrow('enough')
      expect(ofBoxes()).toEqual([])
    }
  })

  test('ends when whoever listens fails, and gives that error', async () => {
    const onEvent = () => {
      throw new Error('the database is away')
    }
    await expect(grade(ANSWERS, { onEvent })).rejects.toThrow('the database is away')
    expect(ofBoxes()).toEqual([])
  })

  test('does not begin when it was aborted before', async () => {
    const signal = AbortSignal.abort(new Error('enough'))
    await expect(grade(ANSWERS, { signal })).rejects.toThrow('enough')
  })

  /** Processes of these tests' boxes: all of them have the folder in their arguments. */
  const ofBoxes = () => processesOf(tests.box.places.compileCache!)
  afterAll(async () => expect(await untilGone(ofBoxes)).toEqual([]))
})

function userOf(pid: number): number {
  return statSync(`/proc/${pid}`).uid
}

function graded(outcome: BoxOutcome): Extract<BoxOutcome, { kind: 'graded' }> {
  if (outcome.kind === 'failed') throw new Error(`${outcome.why}: ${outcome.message}`)
  return outcome
}
