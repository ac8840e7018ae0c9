import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { sampleSubmission } from '../testing/sample-submission.ts'
import { openTestDatabase } from '../testing/class/test-database.ts'
import { openStore, type Store, type StoreFile } from './open-store.ts'
import { migrateClass } from './postgres/migrate-class.ts'
import { openClassStore } from './postgres/open-class-store.ts'
import { openPool } from './postgres/open-pool.ts'

interface Opened {
  /** An empty store, as two programs see it. */
  stores(): Promise<[Store, Store]>
  close(): Promise<void>
}

const databases: [name: string, open: () => Promise<Opened>][] = [
  ['SQLite', openFiles],
  ['PostgreSQL', openLearners],
]

describe.each(databases)('a store in %s', (_, open) => {
  let opened: Opened
  let store: Store
  let other: Store
  beforeAll(async () => void (opened = await open()))
  afterAll(() => opened.close())
  beforeEach(async () => void ([store, other] = await opened.stores()))

  test('the revision changes with every writing, here and elsewhere, and with nothing else', async () => {
    const seen = [await store.revision()]
    await store.records()
    expect(await store.revision()).toBe(seen[0])
    for (const write of [
      () => store.markLesson('a', 0.5),
      () => other.markLesson('a', 0.7),
      () => other.revealHint('x', 1),
      () => store.revealHint('x', 2),
      () => store.addAnswer({ questionId: 'q', option: 'a', correct: true }),
      () => other.addAnswer({ questionId: 'q', option: 'a', correct: true }),
      () => other.addSubmission(sampleSubmission('aaaaaaaa')),
      () => store.addSubmission(sampleSubmission('bbbbbbbb')),
    ]) {
      await write()
      const now = await store.revision()
      expect(seen).not.toContain(now)
      expect(await store.revision()).toBe(now)
      seen.push(now)
    }
  })

  describe('submissions', () => {
    test('a submission comes back with report, files and evidence as they were', async () => {
      const kept = await store.addSubmission(sampleSubmission('aaaaaaaa', 'failed'))
      expect(kept).toMatchObject({
        exerciseId: 'say-hello',
        verdict: 'failed',
        passedChecks: 1,
        totalChecks: 2,
        run: 'aaaaaaaa',
      })
      expect(kept.id).toMatch(/^[0-9a-f]{16}$/)
      expect(Math.abs(Date.parse(kept.submittedAt) - Date.now())).toBeLessThan(60_000)
      const again = (await other.submission(kept.id))!
      expect(again).toMatchObject(kept)
      expect(again.report).toEqual(sampleSubmission('aaaaaaaa', 'failed').report)
      expect(again.files.map(({ path }) => path)).toEqual(['server.ts', 'app/page.html'])
      expect(again.files.map(({ content }) => [...content])).toEqual([
        [0, 255, 10],
        [60, 112, 62],
      ])
      expect(await store.submissionEvidence(kept.id)).toBe('[{"scenario":"é"}]')
      expect(await other.submissions()).toEqual([kept])
    })

    test('what is not there is undefined', async () => {
      expect(await store.submission('0000')).toBeUndefined()
      expect(await store.submissionEvidence("' OR 1 = 1 --")).toBeUndefined()
      expect(await store.submissions('nothing')).toEqual([])
      expect(await store.submissions()).toEqual([])
      expect(await store.bestVerdicts()).toEqual(new Map())
    })

    test('the list is newest first, of one exercise or of all', async () => {
      for (const [run, exercise] of [
        ['aaaaaaa1', 'a'],
        ['aaaaaaa2', 'b'],
        ['aaaaaaa3', 'a'],
      ] as const)
        await store.addSubmission(sampleSubmission(run, 'passed', exercise))
      const runs = async (exercise?: string) =>
        (await store.submissions(exercise)).map(({ run }) => run)
      expect(await runs()).toEqual(['aaaaaaa3', 'aaaaaaa2', 'aaaaaaa1'])
      expect(await runs('a')).toEqual(['aaaaaaa3', 'aaaaaaa1'])
      expect(await store.submittedRuns()).toEqual(new Set(['aaaaaaa1', 'aaaaaaa2', 'aaaaaaa3']))
    })

    test('the same run submitted twice is one submission', async () => {
      const first = await store.addSubmission(sampleSubmission('aaaaaaaa'))
      expect(await store.addSubmission(sampleSubmission('aaaaaaaa'))).toEqual(first)
      expect(await store.submissions()).toHaveLength(1)
    })

    test('also when two programs do so at once', async () => {
      const both = Array.from({ length: 8 }, (_, at) =>
        [store, other][at % 2]!.addSubmission(sampleSubmission('aaaaaaaa')),
      )
      const ids = (await Promise.all(both)).map(({ id }) => id)
      expect(new Set(ids).size).toBe(1)
      expect(await store.submissions()).toHaveLength(1)
    })

    test('one that fails leaves nothing behind, and the next one is kept', async () => {
      const [file] = sampleSubmission('aaaaaaaa').files
      const twice = { ...sampleSubmission('aaaaaaaa'), files: [file!, file!] }
      const failing = store.addSubmission(twice)
      // Begun while that one is under way, it is no part of it.
      const marked = store.markLesson('one', 1)
      await expect(failing).rejects.toThrow(/unique/i)
      await marked
      expect(await store.submissions()).toEqual([])
      expect(await other.lessonReads()).toHaveLength(1)
      await store.addSubmission(sampleSubmission('aaaaaaaa'))
      expect(await other.submissions()).toHaveLength(1)
    })

    test('the best verdict stays when a worse one follows', async () => {
      await store.addSubmission(sampleSubmission('aaaaaaa1', 'failed', 'a', 3))
      await store.addSubmission(sampleSubmission('aaaaaaa2', 'failed', 'a', 1))
      await store.addSubmission(sampleSubmission('aaaaaaa3', 'errored', 'a'))
      await store.addSubmission(sampleSubmission('aaaaaaa4', 'errored', 'b'))
      const before = await store.bestVerdicts()
      expect(before.get('a')).toMatchObject({ verdict: 'failed', passedChecks: 3, totalChecks: 4 })
      expect(before.get('b')).toMatchObject({ verdict: 'errored' })
      await store.addSubmission(sampleSubmission('aaaaaaa5', 'passed', 'a'))
      await store.addSubmission(sampleSubmission('aaaaaaa6', 'failed', 'a', 5))
      const best = (await store.bestVerdicts()).get('a')!
      expect(best).toMatchObject({ verdict: 'passed', passedChecks: 2, totalChecks: 2 })
      expect(best.submittedAt).toBe((await store.submissions('a'))[0]!.submittedAt)
    })
  })

  describe('learning', () => {
    test('the newest answer counts', async () => {
      await store.addAnswer({ questionId: 'q', option: 'The server', correct: false })
      await store.addAnswer({ questionId: 'q', option: 'The “client”', correct: true })
      await store.addAnswer({ questionId: 'r', option: 'Both', correct: false })
      const answers = await store.answers()
      expect(answers).toMatchObject([
        { questionId: 'q', option: 'The “client”', correct: true },
        { questionId: 'r', option: 'Both', correct: false },
      ])
      for (const { answeredAt } of answers)
        expect(new Date(answeredAt).toISOString()).toBe(answeredAt)
    })

    test('a question that was missed once is one, in the order in which they were', async () => {
      for (const [questionId, correct] of [
        ['late', true],
        ['z', false],
        ['a', false],
        ['z', true],
        ['late', false],
        ['never', true],
      ] as const)
        await store.addAnswer({ questionId, option: 'x', correct })
      expect(await store.missedQuestions()).toEqual(['z', 'a', 'late'])
    })

    test('reading never goes back', async () => {
      for (const fraction of [0.25, 0.75, 0.5]) await store.markLesson('one', fraction)
      await store.markLesson('two', 7)
      const reads = (await store.lessonReads()).map(({ lessonId, fraction }) => [
        lessonId,
        fraction,
      ])
      expect(Object.fromEntries(reads)).toEqual({ one: 0.75, two: 1 })
    })

    test('hints that were shown stay shown', async () => {
      expect(await store.hintsShown('say-hello')).toEqual([])
      for (const place of [2, 0, 2]) await store.revealHint('say-hello', place)
      await store.revealHint('another', 1)
      expect(await other.hintsShown('say-hello')).toEqual([2, 0])
    })

    test('records hold what progress is worked out from', async () => {
      await store.addSubmission(sampleSubmission('aaaaaaaa'))
      await store.addAnswer({ questionId: 'q', option: 'The client', correct: true })
      await store.markLesson('one', 1)
      expect(await other.records()).toMatchObject({
        answers: [{ questionId: 'q', correct: true }],
        verdicts: [{ exerciseId: 'say-hello', verdict: 'passed' }],
        reads: [{ lessonId: 'one', fraction: 1 }],
      })
    })
  })

  test('fifty writings at once are all kept', async () => {
    await Promise.all(
      Array.from({ length: 50 }, (_, at) =>
        [store, other][at % 2]!.addSubmission(sampleSubmission(`aaaaaa${at}`, 'failed', `x${at}`)),
      ),
    )
    expect((await store.submittedRuns()).size).toBe(50)
    expect((await other.bestVerdicts()).size).toBe(50)
  })
})

async function openFiles(): Promise<Opened> {
  const folder = mkdtempSync(join(tmpdir(), 'roundtrip-store-'))
  const files: StoreFile[] = []
  let count = 0
  return {
    async stores() {
      const file = join(folder, `${count++}.sqlite`)
      const pair: [StoreFile, StoreFile] = [openStore(file), openStore(file)]
      files.push(...pair)
      return pair
    },
    async close() {
      for (const file of files) file.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Learners of one class, so that each test finds what others have done beside its own. */
async function openLearners(): Promise<Opened> {
  const database = await openTestDatabase()
  const otherPool = openPool(database.url)
  await migrateClass(database.pool)
  let count = 0
  return {
    async stores() {
      const id = `learner-${count++}`
      await database.pool.query(
        "INSERT INTO learners (id, name, role) VALUES ($1, 'Ada', 'learner')",
        [id],
      )
      return [openClassStore(database.pool).of(id), openClassStore(otherPool).of(id)]
    },
    async close() {
      await otherPool.end()
      await database.close()
    },
  }
}
