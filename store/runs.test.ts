import { chmodSync, existsSync, readdirSync, readFileSync } from 'node:fs'
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { runScript } from '../testing/run-script.ts'
import type { Report } from '../grader/types/index.ts'
import {
  countRuns,
  isRunId,
  listRuns,
  passedRuns,
  pruneRuns,
  readReport,
  readRun,
  saveRun,
  type Run,
} from './runs.ts'
import { StoreError } from './store-error.ts'

let folder: string
let runs: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'roundtrip-runs-'))
  runs = join(folder, 'runs')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const report = (run: string, startedAt = '2026-11-22T10:15:03.000Z'): Report => ({
  exercise: 'say-hello',
  title: 'Say hello',
  verdict: 'failed',
  checks: [],
  startedAt,
  durationMs: 812,
  run,
  program: 'work/say-hello/server.ts',
  notes: [],
})
const run = (id: string, startedAt?: string): Run => ({
  report: report(id, startedAt),
  evidence: '[]',
  files: [
    { path: 'server.ts', content: Buffer.from('// mine') },
    { path: 'app/page.html', content: new Uint8Array([0, 255]) },
  ],
})

describe('saveRun and readRun', () => {
  test('a run comes back as it was', () => {
    saveRun(runs, run('8f3100aa'))
    const again = readRun(runs, '8f3100aa')!
    expect(again.report).toEqual(report('8f3100aa'))
    expect(again.evidence).toBe('[]')
    expect(again.files.map(({ path }) => path)).toEqual(['server.ts', 'app/page.html'])
    expect(again.files.map(({ content }) => [...content])).toEqual([
      [...Buffer.from('// mine')],
      [0, 255],
    ])
    expect(readdirSync(runs)).toEqual(['8f3100aa'])
    expect(readdirSync(join(runs, '8f3100aa')).toSorted()).toEqual([
      'evidence.json',
      'files',
      'report.json',
    ])
  })

  test('a command or an address has no files', () => {
    saveRun(runs, { ...run('8f3100aa'), files: [] })
    expect(readRun(runs, '8f3100aa')!.files).toEqual([])
  })

  test('its report can be read alone, and runs are counted', () => {
    saveRun(runs, run('8f3100aa'))
    expect(readReport(runs, '8f3100aa')).toEqual(report('8f3100aa'))
    expect([readReport(runs, '8f3100ab'), readReport(runs, '../8f3100aa')]).toEqual([
      undefined,
      undefined,
    ])
    expect([countRuns(runs), countRuns(join(runs, 'none'))]).toEqual([1, 0])
    writeFileSync(join(runs, '8f3100aa/report.json'), '{')
    expect(() => readReport(runs, '8f3100aa')).toThrow(/is damaged/)
  })

  test('the same id twice is refused, and the first stays', () => {
    saveRun(runs, run('8f3100aa'))
    expect(() => saveRun(runs, { ...run('8f3100aa'), evidence: 'other' })).toThrow(StoreError)
    expect(readRun(runs, '8f3100aa')!.evidence).toBe('[]')
    expect(readdirSync(runs)).toEqual(['8f3100aa'])
  })

  const badIds = [
    '',
    '8f31',
    '../8f3100aa',
    '8F3100AA',
    '8f3100aa/..',
    'x'.repeat(8),
    'a'.repeat(33),
    '8f3100aa\n',
  ]
  test.each(badIds)('no path is made from the id %j', (id) => {
    expect(isRunId(id)).toBe(false)
    expect(readRun(runs, id)).toBeUndefined()
    expect(() => saveRun(runs, run(id))).toThrow(RangeError)
    expect(existsSync(runs)).toBe(false)
  })

  const badPaths = [
    '../evil.ts',
    '/etc/evil',
    'a/../../evil',
    'a//b',
    '',
    '..',
    'a\\..\\b',
    'C:evil',
    '.hidden',
  ]
  test.each(badPaths)('no path is made from the file %j', (path) => {
    expect(() =>
      saveRun(runs, { ...run('8f3100aa'), files: [{ path, content: Buffer.from('') }] }),
    ).toThrow(RangeError)
    expect(existsSync(runs)).toBe(false)
  })

  test('what fails half-way leaves nothing', () => {
    const files = [
      { path: 'a', content: Buffer.from('') },
      { path: 'a/b', content: Buffer.from('') },
    ]
    expect(() => saveRun(runs, { ...run('8f3100aa'), files })).toThrow(StoreError)
    expect(readdirSync(runs)).toEqual([])
  })

  test('a damaged report is said to be damaged', () => {
    saveRun(runs, run('8f3100aa'))
    writeFileSync(join(runs, '8f3100aa/report.json'), '{')
    expect(() => readRun(runs, '8f3100aa')).toThrow(/is damaged/)
  })

  test('a folder that cannot be written is named', async () => {
    mkdirSync(runs)
    chmodSync(folder, 0o755)
    chmodSync(runs, 0o555)
    const script = `
      const { saveRun } = await import(args.runsModule)
      try { saveRun(args.runs, args.run) } catch (error) { console.log(error.name, error.kind, error.message) }`
    const args = {
      runsModule: import.meta.resolve('./runs.ts'),
      runs,
      run: { ...run('8f3100aa'), files: [] },
    }
    const message = `Cannot save the run in ${runs}: permission denied.`
    expect(await runScript(script, args, true).output).toBe(`StoreError read-only ${message}\n`)
  })
})

describe('passedRuns', () => {
  const places = () => ({ runs, work: '/course/work', root: '/course' })
  const judged = (id: string, minute: number, changes: Partial<Report>) =>
    saveRun(runs, {
      ...run(id),
      report: { ...report(id, `2026-11-22T10:0${minute}:00.000Z`), ...changes },
    })

  test('names the exercises whose newest run passed', () => {
    judged('aaaaaaa1', 1, { verdict: 'failed' })
    judged('aaaaaaa2', 2, { verdict: 'passed' })
    expect([...passedRuns(places())]).toEqual(['say-hello'])
    judged('aaaaaaa3', 3, { verdict: 'failed' })
    expect([...passedRuns(places())]).toEqual([])
  })

  test.each([
    'elsewhere/server.ts',
    'elsewhere/say-hello/server.ts',
    '../friend/work/say-hello/server.ts',
    '/tmp/say-hello/server.ts',
    'python3 work/say-hello/app.py',
    'http://127.0.0.1/say-hello/x',
  ])('a run of %s says nothing of the learner’s own files', (program) => {
    judged('aaaaaaa1', 1, { verdict: 'passed' })
    judged('aaaaaaa2', 2, { verdict: 'failed', program })
    expect([...passedRuns(places())]).toEqual(['say-hello'])
  })

  test('a file in a folder within them does', () => {
    judged('aaaaaaa1', 1, { verdict: 'passed', program: 'work/say-hello/src/server.ts' })
    expect([...passedRuns(places())]).toEqual(['say-hello'])
  })

  test('a grading that erred takes no pass away', () => {
    judged('aaaaaaa1', 1, { verdict: 'passed' })
    judged('aaaaaaa2', 2, { verdict: 'errored' })
    expect([...passedRuns(places())]).toEqual(['say-hello'])
  })
})

describe('listRuns', () => {
  test('newest first, and what is no run or damaged is left out', () => {
    saveRun(runs, run('aaaaaaa1', '2026-11-22T10:00:01.000Z'))
    saveRun(runs, run('aaaaaaa3', '2026-11-22T10:00:03.000Z'))
    saveRun(runs, run('aaaaaaa2', '2026-11-22T10:00:02.000Z'))
    saveRun(runs, run('aaaaaaa4'))
    writeFileSync(join(runs, 'aaaaaaa4/report.json'), 'no')
    mkdirSync(join(runs, '.new-abc'))
    writeFileSync(join(runs, 'notes.txt'), '')
    const listed = listRuns(runs)
    expect(listed.map((each) => each.run)).toEqual(['aaaaaaa3', 'aaaaaaa2', 'aaaaaaa1'])
    expect(listed[0]).toEqual({
      run: 'aaaaaaa3',
      exercise: 'say-hello',
      title: 'Say hello',
      verdict: 'failed',
      startedAt: '2026-11-22T10:00:03.000Z',
      durationMs: 812,
      program: 'work/say-hello/server.ts',
      passedChecks: 0,
      totalChecks: 0,
    })
  })

  test('what has changed since it was listed is read again, and what has gone is left out', () => {
    for (const id of ['aaaaaaa1', 'aaaaaaa2', 'aaaaaaa3']) saveRun(runs, run(id))
    expect(listRuns(runs)).toHaveLength(3)
    writeFileSync(
      join(runs, 'aaaaaaa1/report.json'),
      JSON.stringify({ ...report('aaaaaaa1'), title: 'Another title' }),
    )
    writeFileSync(join(runs, 'aaaaaaa2/report.json'), 'no')
    rmSync(join(runs, 'aaaaaaa3'), { recursive: true })
    saveRun(runs, run('aaaaaaa4', '2026-11-22T10:15:04.000Z'))
    expect(listRuns(runs).map(({ run: id, title }) => [id, title])).toEqual([
      ['aaaaaaa4', 'Say hello'],
      ['aaaaaaa1', 'Another title'],
    ])
  })

  test('a report is not read again', () => {
    saveRun(runs, run('aaaaaaa1'))
    const file = join(runs, 'aaaaaaa1/report.json')
    const text = readFileSync(file, 'utf8')
    utimesSync(file, 1_700_000_000, 1_700_000_000)
    expect(listRuns(runs)[0]!.title).toBe('Say hello')
    // Of the same length and time: only a reader would notice.
    writeFileSync(file, text.replace('Say hello', 'Not hello'))
    utimesSync(file, 1_700_000_000, 1_700_000_000)
    expect(listRuns(runs)[0]!.title).toBe('Say hello')
  })

  test('before the first run there is none', () => expect(listRuns(runs)).toEqual([]))
})

describe('pruneRuns', () => {
  const age = (name: string, hours: number): void => {
    const at = Date.now() / 1000 - hours * 3600
    utimesSync(join(runs, name), at, at)
  }

  test('keeps the newest and every submitted one', () => {
    for (const at of [1, 2, 3, 4, 5]) {
      saveRun(runs, run(`aaaaaaa${at}`))
      age(`aaaaaaa${at}`, 10 - at)
    }
    expect(pruneRuns(runs, new Set(['aaaaaaa1']), 2)).toBe(2)
    expect(readdirSync(runs).toSorted()).toEqual(['aaaaaaa1', 'aaaaaaa4', 'aaaaaaa5'])
    expect(pruneRuns(runs, new Set(), 200)).toBe(0)
    expect(readFileSync(join(runs, 'aaaaaaa1/evidence.json'), 'utf8')).toBe('[]')
  })

  test('sweeps what a killed program left, and not what another is writing', () => {
    for (const name of ['.new-old', '.old-aaaaaaa1', '.new-fresh'])
      mkdirSync(join(runs, name), { recursive: true })
    age('.new-old', 2)
    age('.old-aaaaaaa1', 2)
    writeFileSync(join(runs, 'notes.txt'), '')
    expect(pruneRuns(runs, new Set())).toBe(0)
    expect(readdirSync(runs).toSorted()).toEqual(['.new-fresh', 'notes.txt'])
  })

  test('several programs may prune at once, and each run goes once', async () => {
    const ids = Array.from({ length: 300 }, (_, at) => `aaaa${String(1000 + at)}`)
    for (const id of ids) mkdirSync(join(runs, id), { recursive: true })
    const script = `
      const { pruneRuns } = await import(args.runsModule)
      console.log(pruneRuns(args.runs, new Set(), 20))`
    const args = { runsModule: import.meta.resolve('./runs.ts'), runs }
    const outputs = await Promise.all(
      Array.from({ length: 3 }, () => runScript(script, args).output),
    )
    expect(outputs.every((output) => /^\d+\n$/.test(output))).toBe(true)
    expect(outputs.reduce((sum, output) => sum + Number(output), 0)).toBe(280)
    expect(readdirSync(runs)).toHaveLength(20)
  })

  test('what cannot be removed stays, and is no reason to stop', async () => {
    for (const id of ['aaaaaaa1', 'aaaaaaa2', 'aaaaaaa3']) saveRun(runs, run(id))
    chmodSync(folder, 0o755)
    chmodSync(runs, 0o555)
    const script = `
      const { pruneRuns } = await import(args.runsModule)
      console.log(pruneRuns(args.runs, new Set(), 1))`
    const args = { runsModule: import.meta.resolve('./runs.ts'), runs }
    expect(await runScript(script, args, true).output).toBe('0\n')
    expect(readdirSync(runs)).toHaveLength(3)
    chmodSync(runs, 0o755)
  })

  test('without a folder there is nothing to do', () => expect(pruneRuns(runs, new Set())).toBe(0))
})
