import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { projectFingerprint } from './project-fingerprint.ts'

const RECORDED = [
  'grader/scenario.ts',
  'grader/record/random.ts',
  'verify/junk-programs/server/echo.ts',
  'course/given.ts',
  'course/read/read-file.ts',
  'course/mutants/patch.ts',
  'course/work/work-folder.ts',
  'package-lock.json',
]
const JUDGED = [
  'grader/judge/run-checks.ts',
  'grader/report/index.ts',
  'verify/mutants.ts',
  'course/command-line.ts',
  'course/find.ts',
  'course/right-programs.ts',
  'course/shell-word.ts',
  'course/read/wire-blocks.ts',
  'course/lint/lint-mutants.ts',
  'tsconfig.json',
  'tsconfig.pages.json',
]
const NEITHER = ['grader/scenario.test.ts', 'course/find.test.ts', 'server/index.ts', 'README.md']

test('Roundtrip’s own files count for what is recorded, for the judgement, or for neither', () => {
  const project = mkdtempSync(join(tmpdir(), 'roundtrip-project-'))
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(project, path)), { recursive: true })
    writeFileSync(join(project, path), text)
  }
  try {
    const files = [...RECORDED, ...JUDGED, ...NEITHER]
    for (const path of files) write(path, 'before')
    const changed = files.map((path) => {
      const before = projectFingerprint(project)
      write(path, 'after')
      const after = projectFingerprint(project)
      return (['recorded', 'judged'] as const).filter((part) => before[part] !== after[part])
    })
    expect(Object.fromEntries(files.map((path, index) => [path, changed[index]]))).toEqual({
      ...Object.fromEntries(RECORDED.map((path) => [path, ['recorded']])),
      ...Object.fromEntries(JUDGED.map((path) => [path, ['judged']])),
      ...Object.fromEntries(NEITHER.map((path) => [path, []])),
    })
  } finally {
    rmSync(project, { recursive: true, force: true })
  }
})
