import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { runScript } from '../testing/run-script.ts'
import type { CheckResult, Report, Verdict } from '../grader/types/index.ts'
import { openDatabase } from './database.ts'
import { openStore, StoreError, type Store } from './open-store.ts'
import { keepSubmissions, type NewSubmission } from './submissions.ts'

let folder: string
let file: string
let stores: Store[]
const open = (timeoutMs?: number): Store => {
  const store = openStore(file, timeoutMs === undefined ? {} : { timeoutMs })
  stores.push(store)
  return store
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'roundtrip-store-'))
  file = join(folder, 'state/roundtrip.sqlite')
  stores = []
})
afterEach(() => {
  for (const store of stores) store.close()
  rmSync(folder, { recursive: true, force: true })
})

test('the revision changes with every writing, here and elsewhere, and with nothing else', () => {
  const [own, other] = [open(), open()]
  const seen = [own.revision()]
  own.records()
  expect(own.revision()).toBe(seen[0])
  for (const write of [
    () => own.markLesson('a', 0.5),
    () => other.markLesson('a', 0.7),
    () => other.revealHint('x', 1),
    () => own.revealHint('x', 2),
  ]) {
    write()
    expect(seen).not.toContain(own.revision())
    seen.push(own.revision())
  }
})

const check = (id: string, outcome: CheckResult['outcome']): CheckResult => ({
  id,
  title: id,
  outcome,
  findings: [],
  exhibits: [],
  reproduce: [],
  atMs: 1,
})

const submission = (
  run: string,
  verdict: Verdict = 'passed',
  exercise = 'say-hello',
  passed = 1,
): NewSubmission => ({
  report: {
    exercise,
    title: 'Say hello',
    verdict,
    checks: [
      ...Array.from({ length: passed }, (_, at) => check(`right-${at}`, 'passed')),
      check('last', verdict === 'passed' ? 'passed' : 'failed'),
    ],
    startedAt: '2026-11-22T10:15:03.000Z',
    durationMs: 812,
    run,
    program: 'work/say-hello/server.ts',
    notes: [],
  } satisfies Report,
  evidence: '[{"scenario":"é"}]',
  files: [
    { path: 'server.ts', content: new Uint8Array([0, 255, 10]) },
    { path: 'app/page.html', content: Buffer.from('<p>') },
  ],
})

const errorOf = (action: () => unknown): StoreError => {
  try {
    action()
  } catch (error) {
    expect(error).toBeInstanceOf(StoreError)
    return error as StoreError
  }
  throw new Error('Nothing was thrown.')
}

describe('submissions', () => {
  test('a submission comes back with report, files and evidence as they were', () => {
    const store = open()
    const kept = store.addSubmission(submission('aaaaaaaa', 'failed'))
    expect(kept).toMatchObject({
      exerciseId: 'say-hello',
      verdict: 'failed',
      passedChecks: 1,
      totalChecks: 2,
      run: 'aaaaaaaa',
    })
    expect(kept.id).toMatch(/^[0-9a-f]{16}$/)
    expect(Math.abs(Date.parse(kept.submittedAt) - Date.now())).toBeLessThan(60_000)
    const again = open().submission(kept.id)!
    expect(again).toMatchObject(kept)
    expect(again.report).toEqual(submission('aaaaaaaa', 'failed').report)
    expect(again.files.map(({ path }) => path)).toEqual(['server.ts', 'app/page.html'])
    expect(again.files.map(({ content }) => [...content])).toEqual([
      [0, 255, 10],
      [60, 112, 62],
    ])
    expect(store.submissionEvidence(kept.id)).toBe('[{"scenario":"é"}]')
  })

  test('what is not there is undefined', () => {
    const store = open()
    expect(store.submission('0000')).toBeUndefined()
    expect(store.submissionEvidence("' OR 1 = 1 --")).toBeUndefined()
    expect(store.submissions('nothing')).toEqual([])
  })

  test('the list is newest first, of one exercise or of all', () => {
    const store = open()
    for (const [run, exercise] of [
      ['aaaaaaa1', 'a'],
      ['aaaaaaa2', 'b'],
      ['aaaaaaa3', 'a'],
    ] as const) {
      store.addSubmission(submission(run, 'passed', exercise))
    }
    expect(store.submissions().map(({ run }) => run)).toEqual(['aaaaaaa3', 'aaaaaaa2', 'aaaaaaa1'])
    expect(store.submissions('a').map(({ run }) => run)).toEqual(['aaaaaaa3', 'aaaaaaa1'])
    expect(store.submittedRuns()).toEqual(new Set(['aaaaaaa1', 'aaaaaaa2', 'aaaaaaa3']))
  })

  test('the same run submitted twice is one submission', () => {
    const store = open()
    const first = store.addSubmission(submission('aaaaaaaa'))
    expect(store.addSubmission(submission('aaaaaaaa'))).toEqual(first)
    expect(store.submissions()).toHaveLength(1)
  })

  test('the best verdict stays when a worse one follows', () => {
    const store = open()
    store.addSubmission(submission('aaaaaaa1', 'failed', 'a', 3))
    store.addSubmission(submission('aaaaaaa2', 'failed', 'a', 1))
    store.addSubmission(submission('aaaaaaa3', 'errored', 'a'))
    store.addSubmission(submission('aaaaaaa4', 'errored', 'b'))
    expect(store.bestVerdicts().get('a')).toMatchObject({
      verdict: 'failed',
      passedChecks: 3,
      totalChecks: 4,
    })
    expect(store.bestVerdicts().get('b')).toMatchObject({ verdict: 'errored' })
    store.addSubmission(submission('aaaaaaa5', 'passed', 'a'))
    store.addSubmission(submission('aaaaaaa6', 'failed', 'a', 5))
    expect(store.bestVerdicts().get('a')).toMatchObject({
      verdict: 'passed',
      passedChecks: 2,
      totalChecks: 2,
    })
    expect(store.bestVerdicts().get('a')!.submittedAt).toBe(store.submissions('a')[0]!.submittedAt)
  })
})

describe('learning', () => {
  test('the newest answer counts, and every one is kept', () => {
    const store = open()
    store.addAnswer({ questionId: 'q', option: 'The server', correct: false })
    store.addAnswer({ questionId: 'q', option: 'The client', correct: true })
    store.addAnswer({ questionId: 'r', option: 'Both', correct: false })
    expect(store.answers()).toMatchObject([
      { questionId: 'q', option: 'The client', correct: true },
      { questionId: 'r', option: 'Both', correct: false },
    ])
    const raw = new DatabaseSync(file)
    expect(raw.prepare('SELECT count(*) AS count FROM answers').get()).toMatchObject({ count: 3 })
    raw.close()
  })

  test('reading never goes back', () => {
    const store = open()
    for (const fraction of [0.25, 0.75, 0.5]) store.markLesson('one', fraction)
    store.markLesson('two', 7)
    const read = Object.fromEntries(
      store.lessonReads().map(({ lessonId, fraction }) => [lessonId, fraction]),
    )
    expect(read).toEqual({ one: 0.75, two: 1 })
  })

  test('hints that were shown stay shown', () => {
    const store = open()
    expect(store.hintsShown('say-hello')).toEqual([])
    for (const place of [2, 0, 2]) store.revealHint('say-hello', place)
    store.revealHint('another', 1)
    expect(open().hintsShown('say-hello')).toEqual([2, 0])
  })

  test('records hold what progress is worked out from', () => {
    const store = open()
    store.addSubmission(submission('aaaaaaaa'))
    store.addAnswer({ questionId: 'q', option: 'The client', correct: true })
    store.markLesson('one', 1)
    expect(store.records()).toMatchObject({
      answers: [{ questionId: 'q', correct: true }],
      verdicts: [{ exerciseId: 'say-hello', verdict: 'passed' }],
      reads: [{ lessonId: 'one', fraction: 1 }],
    })
  })
})

const storeModule = { store: import.meta.resolve('./open-store.ts') }

describe('several processes', () => {
  test('two write 500 submissions each while a third reads: nothing is lost, nothing is half there', async () => {
    const write = `
      const { openStore } = await import(args.store)
      const store = openStore(args.file)
      const checks = []
      const files = ['a.ts', 'b.ts'].map((path) => ({ path, content: Buffer.from(path) }))
      for (let count = 0; count < 500; count++) {
        const report = { exercise: args.name, verdict: 'failed', checks, run: args.digit + String(count).padStart(7, '0') }
        store.addSubmission({ report, evidence: 'seen', files })
        store.addAnswer({ questionId: args.name + count, option: 'x', correct: true })
      }
      store.close()`
    const read = `
      const { openStore } = await import(args.store)
      const store = openStore(args.file)
      let looks = 0
      for (let seen = 0; seen < 1000; looks++) {
        const all = store.submissions()
        if (all.length < seen) throw new Error('Submissions went away.')
        seen = all.length
        if (all[0] && store.submission(all[0].id).files.length !== 2) throw new Error('Half a submission.')
        await new Promise((resolve) => setTimeout(resolve, 5))
      }
      console.log(looks)
      store.close()`
    const [, , looks] = await Promise.all([
      runScript(write, { ...storeModule, file, name: 'one', digit: 'a' }).output,
      runScript(write, { ...storeModule, file, name: 'two', digit: 'b' }).output,
      runScript(read, { ...storeModule, file }).output,
    ])
    expect(Number(looks)).toBeGreaterThan(1)
    const store = open()
    expect([store.submissions('one').length, store.submissions('two').length]).toEqual([500, 500])
    expect(new Set(store.submissions().map(({ id }) => id)).size).toBe(1000)
    expect(store.answers()).toHaveLength(1000)
    const raw = new DatabaseSync(file)
    expect(raw.prepare('SELECT count(*) AS count FROM submission_files').get()).toMatchObject({
      count: 2000,
    })
    expect(raw.prepare('PRAGMA integrity_check').get()).toMatchObject({ integrity_check: 'ok' })
    raw.close()
  }, 120_000)

  test('six make the file at once', async () => {
    const script = `
      const { openStore } = await import(args.store)
      const store = openStore(args.file)
      store.markLesson(args.lesson, 1)
      store.close()`
    const lessons = ['a', 'b', 'c', 'd', 'e', 'f']
    await Promise.all(
      lessons.map((lesson) => runScript(script, { ...storeModule, file, lesson }).output),
    )
    expect(open().lessonReads()).toHaveLength(6)
  }, 30_000)

  const hold = `
    const { DatabaseSync } = await import('node:sqlite')
    const db = new DatabaseSync(args.file)
    db.exec('BEGIN EXCLUSIVE')
    console.log('held')
    process.stdin.once('data', () => { db.exec('ROLLBACK'); db.close(); process.exit(0) })`

  test('a file that another process holds is busy, and nothing is half written', async () => {
    const store = open(150)
    const holder = runScript(hold, { file })
    await holder.spoke
    const started = performance.now()
    const error = errorOf(() => store.addSubmission(submission('aaaaaaaa')))
    expect(performance.now() - started).toBeGreaterThan(100)
    expect(error.kind).toBe('busy')
    expect(error.message).toBe(`Progress file busy: another program has held ${file} for 0.15 s.`)
    expect(error.remedy).toBe(
      'Wait until it is finished, then run this again. Nothing was written.',
    )
    expect(store.submissions()).toEqual([])
    holder.tell()
    await holder.output
    store.addSubmission(submission('aaaaaaaa'))
    expect(store.submissions()).toHaveLength(1)
  })

  test('a file that another process holds cannot be made either', async () => {
    open().close()
    stores.pop()
    rmSync(file)
    new DatabaseSync(file).exec('CREATE TABLE other (a)')
    const holder = runScript(hold, { file })
    await holder.spoke
    expect(errorOf(() => open(150)).kind).toBe('busy')
    holder.tell()
    await holder.output
    expect(open(150).submissions()).toEqual([])
  })
})

describe('a file that cannot be used', () => {
  const useAsOrdinaryUser = `
    const { openStore } = await import(args.store)
    try {
      const store = openStore(args.file)
      store.markLesson('one', 1)
      console.log('written')
    } catch (error) {
      console.log(JSON.stringify([error.name, error.kind, error.message, error.remedy]))
    }`
  const mayWrite =
    'Check that you may read and write it and its folder, or set ROUNDTRIP_HOME to a folder where you may.'

  test('read-only', async () => {
    open().close()
    stores.pop()
    chmodSync(folder, 0o755)
    chmodSync(join(folder, 'state'), 0o777)
    chmodSync(file, 0o444)
    const output = await runScript(useAsOrdinaryUser, { ...storeModule, file }, true).output
    expect(JSON.parse(output)).toEqual([
      'StoreError',
      'read-only',
      `The progress file is read-only: ${file}`,
      mayWrite,
    ])
  })

  test('in a folder where nothing can be made', async () => {
    chmodSync(folder, 0o555)
    const output = await runScript(useAsOrdinaryUser, { ...storeModule, file }, true).output
    const message = `Cannot make the folder ${join(folder, 'state')}: permission denied.`
    expect(JSON.parse(output).slice(0, 3)).toEqual(['StoreError', 'unreachable', message])
    expect(existsSync(file)).toBe(false)
  })

  test('not a database: it is named and left as it is', () => {
    open().close()
    stores.pop()
    const text = 'This is a letter, not a database. '.repeat(50)
    writeFileSync(file, text)
    const error = errorOf(() => open())
    expect([error.kind, error.message]).toEqual([
      'not-a-database',
      `This is not a progress file: ${file}`,
    ])
    expect(error.remedy).toBe('Rename it to keep it, and run this again: a new one is made.')
    expect(readFileSync(file, 'utf8')).toBe(text)
  })

  test('damaged', () => {
    const store = open()
    for (let count = 0; count < 50; count++)
      store.addSubmission(submission(`aaaaaa${String(count).padStart(2, '0')}`))
    store.close()
    stores.pop()
    const bytes = readFileSync(file)
    bytes.fill(0xff, 4096)
    writeFileSync(file, bytes)
    const error = errorOf(() => open().submissions())
    expect([error.kind, error.message]).toEqual([
      'damaged',
      `The progress file is damaged: ${file}`,
    ])
  })

  describe('without a byte', () => {
    const runs = (...names: string[]) =>
      names.forEach((name) => mkdirSync(join(folder, 'state/runs', name), { recursive: true }))
    beforeEach(() => {
      mkdirSync(join(folder, 'state'))
      writeFileSync(file, '')
    })

    test.each([[['0a1b2c3d']], [['0a1b2c3d', 'ffffffff']]])(
      'where runs are kept: it held more, and is left as it is',
      (names) => {
        runs(...names)
        const error = errorOf(() => open())
        expect([error.kind, error.message]).toEqual([
          'damaged',
          `The progress file is empty, but runs are kept beside it: ${file}`,
        ])
        expect(error.remedy).toMatch(/^Put a copy of it back\. Without one, remove it/)
        expect(readFileSync(file, 'utf8')).toBe('')
        rmSync(file)
        expect(open().submissions()).toEqual([])
      },
    )

    test('where there are none: it is new', () => {
      expect(open().submissions()).toEqual([])
      expect(statSync(file).size).toBeGreaterThan(0)
    })
  })

  test('of version 1: the hints that were shown are those that come first', () => {
    const store = open()
    store.revealHint('another', 2)
    store.close()
    stores.pop()
    const raw = new DatabaseSync(file)
    raw.exec(`
      DROP TABLE hints_revealed;
      CREATE TABLE hints_shown (exercise_id TEXT PRIMARY KEY, count INTEGER NOT NULL) STRICT;
      INSERT INTO hints_shown VALUES ('say-hello', 2), ('say-more', 1), ('begun', 0);
      PRAGMA user_version = 1;
    `)
    raw.close()
    const now = open()
    now.revealHint('say-hello', 4)
    expect(
      ['say-hello', 'say-more', 'begun', 'another'].map((id) => [...now.hintsShown(id)]),
    ).toEqual([[0, 1, 4], [0], [], []])
  })

  test('of a newer Roundtrip: it is left as it is', () => {
    open().close()
    stores.pop()
    const raw = new DatabaseSync(file)
    raw.exec('PRAGMA user_version = 99')
    raw.close()
    const error = errorOf(() => open())
    expect(error.kind).toBe('newer-version')
    expect(error.message).toBe(
      `${file} was written by a newer Roundtrip: it has version 99, and this one knows 2.`,
    )
    expect(error.remedy).toMatch(/git pull/)
  })

  test('on a full disk: nothing is half written', () => {
    const database = openDatabase(file, 100)
    const submissions = keepSubmissions(database)
    submissions.addSubmission(submission('aaaaaaaa'))
    database.read((db) =>
      db.exec(
        `PRAGMA max_page_count = ${Number(db.prepare('PRAGMA page_count').get()!.page_count) + 2}`,
      ),
    )
    const large = {
      ...submission('bbbbbbbb'),
      files: [{ path: 'server.ts', content: new Uint8Array(100_000) }],
    }
    const error = errorOf(() => submissions.addSubmission(large))
    expect([error.kind, error.message]).toEqual(['disk-full', `Disk full: ${file} cannot grow.`])
    expect(submissions.submissions().map(({ run }) => run)).toEqual(['aaaaaaaa'])
    database.read((db) => db.exec('PRAGMA max_page_count = 100000'))
    submissions.addSubmission(large)
    expect(submissions.submissions()).toHaveLength(2)
    database.close()
  })
})

describe('a transaction', () => {
  test('that fails leaves nothing behind, and the file can still be written', () => {
    const store = open()
    const [file] = submission('aaaaaaaa').files
    expect(() => store.addSubmission({ ...submission('aaaaaaaa'), files: [file!, file!] })).toThrow(
      'UNIQUE',
    )
    expect(store.submissions()).toEqual([])
    store.addSubmission(submission('aaaaaaaa'))
    expect(store.submissions()).toHaveLength(1)
  })

  test('the file is in WAL mode with foreign keys on', () => {
    const database = openDatabase(file, 100)
    expect(database.read((db) => db.prepare('PRAGMA journal_mode').get())).toMatchObject({
      journal_mode: 'wal',
    })
    expect(database.read((db) => db.prepare('PRAGMA foreign_keys').get())).toMatchObject({
      foreign_keys: 1,
    })
    database.close()
  })
})
