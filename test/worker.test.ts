import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testUser, withoutBox } from '../class/box/probes/run-probes.ts'
import { enqueue } from '../class/queue/enqueue.ts'
import { openQueues } from '../class/queue/queues.ts'
import { openRunEvents } from '../class/queue/run-events.ts'
import type { StoredEvent } from '../class/queue/stored-event.ts'
import { findExercise } from '../course/find.ts'
import { loadCourseStrictly } from '../course/load-course.ts'
import { openTestClass, type TestClass } from '../testing/class/class-of-learners.ts'
import { createLearnerHome, root, type LearnerHome } from './learner-home.ts'
import { startCommand } from './run-command.ts'

let home: LearnerHome
beforeAll(async () => void (home = await createLearnerHome()))
afterAll(() => home.remove())

const worker = (env: NodeJS.ProcessEnv) =>
  startCommand(home, ['worker'], {
    env: { ...(testUser && { ROUNDTRIP_BOX_USER: testUser.name }), ...env },
  })

test.each<[string, NodeJS.ProcessEnv, RegExp]>([
  ['without a database', { DATABASE_URL: '' }, /Which class\? .*DATABASE_URL=postgres:\/\//],
  [
    'with an address of something else',
    { DATABASE_URL: 'http://x/' },
    /isn't a database's address/,
  ],
  [
    'with a number of slots that is none',
    { DATABASE_URL: 'postgres://127.0.0.1/x', ROUNDTRIP_SLOTS: 'many' },
    /ROUNDTRIP_SLOTS is "many".*2,8/,
  ],
])('%s it is wrong usage', async (_, env, says) => {
  const { code, stderr, stdout } = await worker(env).ended
  expect(stderr).toMatch(says)
  expect(stdout).toBe('')
  expect(code).toBe(2)
})

describe.skipIf(withoutBox !== null)('with a box', () => {
  let database: TestClass
  beforeAll(async () => void (database = await openTestClass(2)))
  afterAll(() => database.close())

  test('it grades what is handed in, and ends in order', async () => {
    const { exercise } = findExercise(await loadCourseStrictly(root), 'first-exchange')!
    const queues = await openQueues(database.pool, () => {})
    const runs = openRunEvents(database.pool, () => {})
    const running = worker({ DATABASE_URL: database.url, ROUNDTRIP_SLOTS: '2,0' })
    const submit = async (learner: number, folder: string) => {
      const [path] = exercise.files
      const { id } = await enqueue(queues, {
        learnerId: database.learners[learner]!,
        exercise,
        purpose: 'submit',
        files: [{ path, content: readFileSync(join(exercise.dir, folder, path)) }],
      })
      const events: StoredEvent[] = []
      await new Promise<void>((resolve) =>
        runs.follow(id, 0, { onEvent: ({ event }) => events.push(event), onOver: resolve }),
      )
      return events
    }
    const [right, stub] = await Promise.all([submit(0, 'solution'), submit(1, 'stub')])
    expect(right.map(({ type }) => type)).toEqual(
      expect.arrayContaining(['started', 'exchange', 'check', 'finished', 'kept']),
    )
    const verdicts = await database.pool.query(
      'SELECT learner_id, verdict, passed_checks = total_checks AS whole FROM judgements JOIN submissions ON submissions.id = submission_id ORDER BY learner_id',
    )
    expect(verdicts.rows).toEqual([
      { learner_id: database.learners[0], verdict: 'passed', whole: true },
      { learner_id: database.learners[1], verdict: 'failed', whole: false },
    ])
    expect(stub.at(-1)!.type).toBe('kept')
    running.signal('SIGTERM')
    const { code, stdout, stderr } = await running.ended
    expect(stderr).toBe('')
    expect(stdout).toMatch(
      /^Worker [0-9a-f]{8} on .+ grades for 127\.0\.0\.1:\d+\/test_\w+: 2 at once, and 0 timed ones\. Ctrl-C ends it\.$/m,
    )
    expect(stdout).toMatch(/^Submission [0-9a-f]{16} \(first-exchange\) passed after \d+\.\d s\.$/m)
    expect(stdout).not.toContain(new URL(database.url).password)
    expect(stdout).toMatch(/\nStopped\.\n$/)
    expect(code).toBe(143)
    expect((await database.pool.query('SELECT * FROM workers')).rows).toEqual([])
    await runs.close()
    await queues.close()
  })

  test('a database that does not answer is said, with what to do', async () => {
    const url = new URL(database.url)
    url.port = '9'
    const { code, stderr } = await worker({ DATABASE_URL: url.href }).ended
    expect(stderr).toContain("The class's database does not answer.")
    expect(code).toBe(3)
  })
})

test.skipIf(process.getuid?.() !== 0 || withoutBox !== null)(
  'it does not start where no box does',
  async () => {
    const { code, stderr } = await worker({
      DATABASE_URL: 'postgres://127.0.0.1:9/x',
      ROUNDTRIP_BOX_USER: 'nobody-of-this-name',
    }).ended
    expect(stderr).toMatch(/^No learner’s program is run without a working box\./)
    expect(stderr).toContain('useradd')
    expect(code).toBe(3)
  },
)
