import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { runScript } from '../../testing/run-script.ts'
import { sampleSubmission } from '../../testing/sample-submission.ts'
import { openStore, type StoreFile } from '../open-store.ts'
import { steps } from './steps.ts'

let folder: string
let file: string
let store: StoreFile | undefined
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'roundtrip-migrate-'))
  file = join(folder, 'roundtrip.sqlite')
  store = undefined
})
afterEach(() => {
  store?.close()
  rmSync(folder, { recursive: true, force: true })
})

const makeVersion = (version: number, fill: (db: DatabaseSync) => void) => {
  const db = new DatabaseSync(file, { enableForeignKeyConstraints: true })
  db.exec(`${steps.slice(0, version).join(';')}; PRAGMA user_version = ${version}`)
  fill(db)
  db.close()
}

test('a file of version 1: the hints that were shown are those that come first', async () => {
  makeVersion(1, (db) =>
    db.exec("INSERT INTO hints_shown VALUES ('say-hello', 2), ('say-more', 1), ('begun', 0)"),
  )
  store = openStore(file)
  await store.revealHint('say-hello', 4)
  expect(await store.hintsShown('say-hello')).toEqual([0, 1, 4])
  expect(await store.hintsShown('say-more')).toEqual([0])
  expect(await store.hintsShown('begun')).toEqual([])
})

describe('a file of version 2', () => {
  const fill = (db: DatabaseSync) => {
    const add = db.prepare('INSERT INTO submissions VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)')
    const addFile = db.prepare('INSERT INTO submission_files VALUES (?, ?, ?)')
    // The second file comes first in the alphabet, and the ids are in no order.
    for (const [id, run, verdict] of [
      ['ffff', 'aaaaaaa1', 'failed'],
      ['0000', 'aaaaaaa2', 'passed'],
      ['8888', 'aaaaaaa3', 'failed'],
    ] as const) {
      const { report, evidence, files } = sampleSubmission(run, verdict)
      const evidenceGz = gzipSync(evidence)
      const at = '2026-11-22T10:15:03.000Z'
      add.run(id, 'say-hello', at, verdict, 1, 2, run, JSON.stringify(report), evidenceGz)
      for (const { path, content } of files) addFile.run(id, path, content)
    }
    db.exec(`
      INSERT INTO answers (question_id, option, correct, answered_at) VALUES
        ('q', 'The server', 0, '2026-11-22T10:15:03.000Z'),
        ('q', 'The client', 1, '2026-11-22T10:16:03.000Z');
      INSERT INTO lesson_reads VALUES ('one', 0.75, '2026-11-22T10:15:03.000Z');
      INSERT INTO hints_revealed (exercise_id, place) VALUES ('say-hello', 2), ('say-hello', 0);
    `)
  }

  test('keeps all that is in it', async () => {
    makeVersion(2, fill)
    store = openStore(file)
    expect((await store.submissions()).map(({ id, run }) => [id, run])).toEqual([
      ['8888', 'aaaaaaa3'],
      ['0000', 'aaaaaaa2'],
      ['ffff', 'aaaaaaa1'],
    ])
    const passed = (await store.submission('0000'))!
    expect(passed).toMatchObject({
      exerciseId: 'say-hello',
      submittedAt: '2026-11-22T10:15:03.000Z',
      verdict: 'passed',
      passedChecks: 1,
      totalChecks: 2,
    })
    expect(passed.report).toEqual(sampleSubmission('aaaaaaa2').report)
    expect(passed.files.map(({ path, content }) => [path, [...content]])).toEqual([
      ['server.ts', [0, 255, 10]],
      ['app/page.html', [60, 112, 62]],
    ])
    expect(await store.submissionEvidence('0000')).toBe(sampleSubmission('').evidence)
    expect((await store.bestVerdicts()).get('say-hello')).toMatchObject({ verdict: 'passed' })
    expect(await store.answers()).toEqual([
      {
        questionId: 'q',
        option: 'The client',
        correct: true,
        answeredAt: '2026-11-22T10:16:03.000Z',
      },
    ])
    expect(await store.missedQuestions()).toEqual(['q'])
    expect(await store.lessonReads()).toEqual([
      { lessonId: 'one', fraction: 0.75, at: '2026-11-22T10:15:03.000Z' },
    ])
    expect(await store.hintsShown('say-hello')).toEqual([2, 0])
    // And a run that was submitted before is submitted already.
    expect((await store.addSubmission(sampleSubmission('aaaaaaa1'))).id).toBe('ffff')
    const raw = new DatabaseSync(file)
    expect(raw.prepare('PRAGMA foreign_key_check').all()).toEqual([])
    expect(raw.prepare('PRAGMA integrity_check').get()).toMatchObject({ integrity_check: 'ok' })
    expect(
      raw
        .prepare("SELECT name FROM sqlite_schema WHERE name LIKE 'old%' OR sql LIKE '%old_%'")
        .all(),
    ).toEqual([])
    raw.close()
  })

  test('is brought up to date once when six programs open it at once', async () => {
    makeVersion(2, fill)
    const script = `
      const { openStore } = await import(args.store)
      const store = openStore(args.file)
      console.log((await store.submissions()).length)
      store.close()`
    const args = { store: import.meta.resolve('../open-store.ts'), file }
    const counts = await Promise.all(
      Array.from({ length: 6 }, () => runScript(script, args).output),
    )
    expect(counts.map(Number)).toEqual([3, 3, 3, 3, 3, 3])
  })

  test('that a step cannot change is left as it is', async () => {
    makeVersion(2, (db) => {
      fill(db)
      db.exec('CREATE TABLE old_answers (somebody TEXT)')
    })
    expect(() => openStore(file)).toThrow('old_answers')
    const raw = new DatabaseSync(file)
    expect(raw.prepare('PRAGMA user_version').get()).toMatchObject({ user_version: 2 })
    expect(raw.prepare('SELECT count(*) AS count FROM submission_files').get()).toMatchObject({
      count: 6,
    })
    raw.close()
  })
})
