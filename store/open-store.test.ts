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
import { sampleSubmission } from '../testing/sample-submission.ts'
import { openStore, StoreError, type StoreFile } from './open-store.ts'
import { openFile } from './sqlite/open-file.ts'
import { OWNER, steps } from './sqlite/steps.ts'
import { keepSubmissions } from './submissions.ts'

let folder: string
let file: string
let stores: StoreFile[]
const open = (timeoutMs?: number): StoreFile => {
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

const errorOf = async (action: () => unknown): Promise<StoreError> => {
  try {
    await action()
  } catch (error) {
    expect(error).toBeInstanceOf(StoreError)
    return error as StoreError
  }
  throw new Error('Nothing was thrown.')
}

test('every answer is kept, also those that another one followed', async () => {
  const store = open()
  await store.addAnswer({ questionId: 'q', option: 'The server', correct: false })
  await store.addAnswer({ questionId: 'q', option: 'The client', correct: true })
  const raw = new DatabaseSync(file)
  expect(raw.prepare('SELECT count(*) AS count FROM answers').get()).toMatchObject({ count: 2 })
  raw.close()
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
        await store.addSubmission({ report, evidence: 'seen', files })
        await store.addAnswer({ questionId: args.name + count, option: 'x', correct: true })
      }
      store.close()`
    const read = `
      const { openStore } = await import(args.store)
      const store = openStore(args.file)
      let looks = 0
      for (let seen = 0; seen < 1000; looks++) {
        const all = await store.submissions()
        if (all.length < seen) throw new Error('Submissions went away.')
        seen = all.length
        if (all[0] && (await store.submission(all[0].id)).files.length !== 2) throw new Error('Half a submission.')
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
    expect([
      (await store.submissions('one')).length,
      (await store.submissions('two')).length,
    ]).toEqual([500, 500])
    expect(new Set((await store.submissions()).map(({ id }) => id)).size).toBe(1000)
    expect(await store.answers()).toHaveLength(1000)
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
      await store.markLesson(args.lesson, 1)
      store.close()`
    const lessons = ['a', 'b', 'c', 'd', 'e', 'f']
    await Promise.all(
      lessons.map((lesson) => runScript(script, { ...storeModule, file, lesson }).output),
    )
    expect(await open().lessonReads()).toHaveLength(6)
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
    const error = await errorOf(() => store.addSubmission(sampleSubmission('aaaaaaaa')))
    expect(performance.now() - started).toBeGreaterThan(100)
    expect(error.kind).toBe('busy')
    expect(error.message).toBe(`Progress file busy: another program has held ${file} for 0.15 s.`)
    expect(error.remedy).toBe(
      'Wait until it is finished, then run this again. Nothing was written.',
    )
    expect(await store.submissions()).toEqual([])
    holder.tell()
    await holder.output
    await store.addSubmission(sampleSubmission('aaaaaaaa'))
    expect(await store.submissions()).toHaveLength(1)
  })

  test('a file that another process holds cannot be made either', async () => {
    open().close()
    stores.pop()
    rmSync(file)
    new DatabaseSync(file).exec('CREATE TABLE other (a)')
    const holder = runScript(hold, { file })
    await holder.spoke
    expect((await errorOf(() => open(150))).kind).toBe('busy')
    holder.tell()
    await holder.output
    expect(await open(150).submissions()).toEqual([])
  })
})

describe('a file that cannot be used', () => {
  const useAsOrdinaryUser = `
    const { openStore } = await import(args.store)
    try {
      const store = openStore(args.file)
      await store.markLesson('one', 1)
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

  test('not a database: it is named and left as it is', async () => {
    open().close()
    stores.pop()
    const text = 'This is a letter, not a database. '.repeat(50)
    writeFileSync(file, text)
    const error = await errorOf(() => open())
    expect([error.kind, error.message]).toEqual([
      'not-a-database',
      `This is not a progress file: ${file}`,
    ])
    expect(error.remedy).toBe('Rename it to keep it, and run this again: a new one is made.')
    expect(readFileSync(file, 'utf8')).toBe(text)
  })

  test('damaged', async () => {
    const store = open()
    for (let count = 0; count < 50; count++)
      await store.addSubmission(sampleSubmission(`aaaaaa${String(count).padStart(2, '0')}`))
    store.close()
    stores.pop()
    const bytes = readFileSync(file)
    bytes.fill(0xff, 4096)
    writeFileSync(file, bytes)
    const error = await errorOf(() => open().submissions())
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
      async (names) => {
        runs(...names)
        const error = await errorOf(() => open())
        expect([error.kind, error.message]).toEqual([
          'damaged',
          `The progress file is empty, but runs are kept beside it: ${file}`,
        ])
        expect(error.remedy).toMatch(/^Put a copy of it back\. Without one, remove it/)
        expect(readFileSync(file, 'utf8')).toBe('')
        rmSync(file)
        expect(await open().submissions()).toEqual([])
      },
    )

    test('where there are none: it is new', async () => {
      expect(await open().submissions()).toEqual([])
      expect(statSync(file).size).toBeGreaterThan(0)
    })
  })

  test('of a newer Roundtrip: it is left as it is', async () => {
    open().close()
    stores.pop()
    const raw = new DatabaseSync(file)
    raw.exec('PRAGMA user_version = 99')
    raw.close()
    const error = await errorOf(() => open())
    expect(error.kind).toBe('newer-version')
    expect(error.message).toBe(
      `${file} was written by a newer Roundtrip: it has version 99, and this one knows ${steps.length}.`,
    )
    expect(error.remedy).toMatch(/git pull/)
  })

  test('on a full disk: nothing is half written', async () => {
    const database = openFile(file, 100)
    const submissions = keepSubmissions(database, OWNER)
    await submissions.addSubmission(sampleSubmission('aaaaaaaa'))
    const [pages] = await database.query<{ page_count: number }>('PRAGMA page_count')
    await database.query(`PRAGMA max_page_count = ${pages!.page_count + 2}`)
    const large = {
      ...sampleSubmission('bbbbbbbb'),
      files: [{ path: 'server.ts', content: new Uint8Array(100_000) }],
    }
    const error = await errorOf(() => submissions.addSubmission(large))
    expect([error.kind, error.message]).toEqual(['disk-full', `Disk full: ${file} cannot grow.`])
    expect((await submissions.submissions()).map(({ run }) => run)).toEqual(['aaaaaaaa'])
    await database.query('PRAGMA max_page_count = 100000')
    await submissions.addSubmission(large)
    expect(await submissions.submissions()).toHaveLength(2)
    database.close()
  })
})

test('the file is in WAL mode with foreign keys on', async () => {
  const database = openFile(file, 100)
  expect(await database.query('PRAGMA journal_mode')).toEqual([{ journal_mode: 'wal' }])
  expect(await database.query('PRAGMA foreign_keys')).toEqual([{ foreign_keys: 1 }])
  database.close()
})

test('values are told apart by their names, in whatever order they come, and more than once', async () => {
  const database = openFile(file, 100)
  expect(
    await database.query("SELECT $2 || '-' || $1 || '-' || $2 AS text, $3 AS truth", [
      'a',
      'b',
      true,
    ]),
  ).toEqual([{ text: 'b-a-b', truth: 1 }])
  await expect(database.query('SELECT $1', [1, 2])).rejects.toThrow()
  database.close()
})
