import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import type { Exercise, Lesson } from '../course/types.ts'
import { processLives } from '../testing/process-lives.ts'
import { gradeExercise } from './grade-exercise.ts'
import { closeBrowser, warmBrowser } from './record/browser/browser.ts'
import { snapshotFolder } from './record/program/snapshot/snapshot.ts'
import { createIdSource } from './record/wire/id-source.ts'
import { openProxies } from './record/wire/proxies.ts'
import { createClock } from './record/timing/clock.ts'
import { createAdaptiveTimeout } from './record/timing/deadline.ts'
import { startRecordingProxy } from './record/wire/recording-proxy.ts'
import { certificateFolder } from './record/wire/tls/certificate-folder.ts'
import { setUpByHand } from './set-up-by-hand.ts'
import type { GradeEvent } from './types/index.ts'

vi.mock('./record/wire/recording-proxy.ts', { spy: true })

let root: string
beforeAll(() => void (root = mkdtempSync(join(tmpdir(), 'roundtrip-release-'))))
beforeAll(() => warmBrowser())
afterAll(closeBrowser)
afterAll(() =>
  [root, certificateFolder].forEach((path) => rmSync(path, { recursive: true, force: true })),
)

const AUTHORING = JSON.stringify(join(import.meta.dirname, 'authoring.ts'))
const PROGRAM = `import { createServer } from 'node:http'
import { writeFileSync } from 'node:fs'
writeFileSync('pid-' + process.pid, '')
createServer((request, response) => response.end('hello')).listen(Number(process.env.PORT), '127.0.0.1')`
let folders = 0

/** An exercise that acquires one of everything; `fail` throws at the places that are named. */
function exercise(at: string, more = ''): Exercise {
  const dir = join(root, String(++folders))
  mkdirSync(dir)
  writeFileSync(
    join(dir, 'checks.ts'),
    `import { check, scenario } from ${AUTHORING}
const fail = (place) => { if (place === ${JSON.stringify(at)}) throw new Error('injected') }
const all = scenario('Everything is opened', {
  async setUp({ origin, certificate, listen }) {
    fail('the set-up')
    const shown = await certificate('127.0.0.1')
    fail('a certificate')
    const partner = await origin('the partner', undefined, { certificate: shown })
    fail('an origin')
    await listen('an odd server', async (connection) => void (await connection.nextRequest()))
    fail('a listener')
    return { environment: { KEY: shown.keyFile, PARTNER: partner.url }${more} }
  },
  async record({ newPage, origin, certificate, connect, connectHttp2, wire, send }) {
    fail('the proxies')
    const page = await newPage()
    fail('a visitor')
    await page.open('/')
    await newPage('somebody else')
    fail('another visitor')
    await connect()
    fail('a connection')
    const lost = wire.cut({ when: '/lost', at: 'before-response', how: 'reset' })
    const held = wire.hold({ when: '/held', what: 'response' })
    await send('/lost')
    await lost.exchange()
    void send('/held')
    await held.exchange()
    fail('a fault')
    held.release()
    await certificate('other.test')
    await origin('another partner')
    fail('another origin')
    await globalThis.meanwhile?.(() => origin('a late partner'))
    return {}
  },
  facts() { fail('the recording'); return {} },
})
const passes = check('It passes', all, { verify: (_, expect) => { fail('the facts'); expect(1, 'one').toBe(1) } })
export default { passes }
`,
  )
  return {
    id: 'say-hello',
    title: 'Say hello',
    kind: 'server',
    dir,
    files: ['server.ts'],
  } as unknown as Exercise
}

const written = (folder: string) => (existsSync(folder) ? readdirSync(folder) : [])
/** Sockets that listen, and pipes and processes of this process. */
const open = () =>
  process
    .getActiveResourcesInfo()
    .filter((kind) => /TCPServer|TCPSocket|Process/.test(kind))
    .toSorted()

async function leftBy(work: () => Promise<unknown>): Promise<unknown> {
  const before = open()
  await work()
  await expect.poll(open, { timeout: 5000 }).toEqual(before)
  return { certificates: written(certificateFolder), snapshots: written(snapshotFolder) }
}
const NOTHING = { certificates: [], snapshots: [] }

async function grade(
  graded: Exercise,
  program: string,
  onEvent: (event: GradeEvent) => void = () => {},
  signal?: AbortSignal,
) {
  const dir = join(root, String(++folders))
  mkdirSync(dir)
  writeFileSync(join(dir, 'server.ts'), program)
  const lesson = { id: 'x', title: 'X', headings: [] } as unknown as Lesson
  const grading = await gradeExercise({
    exercise: graded,
    lesson,
    program: { kind: 'files', dir, entry: 'server.ts', label: 'server.ts' },
    onEvent,
    ...(signal && { signal }),
  }).finally(() => {
    const pids = readdirSync(dir).flatMap((name) => /^pid-(\d+)$/.exec(name)?.[1] ?? [])
    expect(pids.filter((pid) => processLives(Number(pid)))).toEqual([])
  })
  return grading.report
}

const PLACES = [
  'the set-up',
  'a certificate',
  'an origin',
  'a listener',
  'the proxies',
  'a visitor',
  'another visitor',
  'a connection',
  'a fault',
  'another origin',
  'the recording',
  'the facts',
]

describe('a grading releases everything', () => {
  test.for(PLACES)('when something fails after %s', async (place, { expect }) => {
    let verdict = ''
    const left = await leftBy(async () => ({ verdict } = await grade(exercise(place), PROGRAM)))
    expect([left, verdict]).toEqual([NOTHING, 'errored'])
  })

  test.for<[string, string, string]>([
    ['a pass', PROGRAM, 'passed'],
    ['a program that does not start', 'throw 1', 'failed'],
    [
      'a program that ends',
      PROGRAM.replace("end('hello')", 'destroy(), process.exit(3)'),
      'failed',
    ],
  ])('after %s', async ([, program, expected], { expect }) => {
    let verdict = ''
    const left = await leftBy(async () => ({ verdict } = await grade(exercise(''), program)))
    expect([left, verdict]).toEqual([NOTHING, expected])
  })

  test.for(['started', 'ready', 'exchange', 'check'] as const)(
    'when it is ended at the event %s',
    async (moment, { expect }) => {
      const controller = new AbortController()
      const end = ({ type }: GradeEvent) =>
        void (type === moment && controller.abort(new Error('ended')))
      const left = await leftBy(() =>
        expect(grade(exercise(''), PROGRAM, end, controller.signal)).rejects.toThrow('ended'),
      )
      expect(left).toEqual(NOTHING)
    },
  )
})

test('A scenario that goes on after its grading was ended opens nothing any more', async () => {
  const hooks = globalThis as { meanwhile?: unknown }
  const reached = Promise.withResolvers<() => Promise<unknown>>()
  hooks.meanwhile = (open: () => Promise<unknown>) => {
    reached.resolve(open)
    return new Promise(() => {})
  }
  const controller = new AbortController()
  const left = await leftBy(async () => {
    const grading = grade(exercise(''), PROGRAM, () => {}, controller.signal)
    grading.catch(() => {})
    const open = await reached.promise
    controller.abort(new Error('ended'))
    await expect(grading).rejects.toThrow('ended')
    await expect(open()).rejects.toThrow('the scenario is over')
  })
  delete hooks.meanwhile
  expect(left).toEqual(NOTHING)
})

describe('what is opened together is released together', () => {
  afterEach(() => void vi.mocked(startRecordingProxy).mockReset())

  test('the proxies, when a later one cannot be opened', async () => {
    const real = vi.mocked(startRecordingProxy).getMockImplementation()!
    vi.mocked(startRecordingProxy)
      .mockImplementationOnce(real)
      .mockRejectedValueOnce(new Error('no port left'))
    const left = await leftBy(() =>
      expect(
        openProxies(
          {
            program: { host: '127.0.0.1', port: 1 } as never,
            setUp: {
              sites: { 'http://a.test': 'PORT', 'http://b.test': 'OTHER' },
              environment: { OTHER: '2' },
            },
            certificates: [],
            origins: [],
          },
          createClock(),
          createIdSource(),
          { timeout: createAdaptiveTimeout(), giveUp() {} },
        ),
      ).rejects.toThrow('no port left'),
    )
    expect(left).toEqual(NOTHING)
    expect(startRecordingProxy).toHaveBeenCalledTimes(2)
  })

  test.for(['a certificate', 'an origin'])(
    'a set-up by hand that fails after %s',
    async (place, { expect }) => {
      const left = await leftBy(() =>
        expect(setUpByHand(exercise(place))).rejects.toThrow('injected'),
      )
      expect(left).toEqual(NOTHING)
    },
  )
})
