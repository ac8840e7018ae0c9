import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { findExercise } from '../course/find.ts'
import { loadCourseStrictly } from '../course/load-course.ts'
import type { Course } from '../course/types.ts'
import {
  closeBrowser,
  decodeEvidence,
  encodeEvidence,
  gradeExercise,
  replayRun,
  type Report,
} from '../grader/index.ts'
import { saveRun } from '../store/runs.ts'
import { openStore } from '../store/open-store.ts'
import { authorsFile, authorsFolder } from '../testing/authors-program-in-tests.ts'
import { createLearnerHome, root, type LearnerHome } from './learner-home.ts'
import { runCommand } from './run-command.ts'
import { findTestBrowser } from './test-browser.ts'

let course: Course
beforeAll(async () => {
  course = await loadCourseStrictly(root)
  const { executablePath, env } = await findTestBrowser()
  Object.assign(process.env, env, { PUPPETEER_EXECUTABLE_PATH: executablePath })
})
afterAll(closeBrowser)

describe('what a run recorded is judged as it was then', () => {
  test.concurrent.for([
    ['cookies-set-and-return', 'solution'],
    ['cookies-set-and-return', 'stub'],
    ['cookies-set-and-return', 'mutants/guessable'],
    ['cookies-set-and-return', 'mutants/wrong-domain'],
    ['cookies-set-and-return', 'mutants/matches-inside-names'],
    ['cookies-httponly', 'solution'],
    ['cookies-httponly', 'stub'],
    ['cookies-httponly', 'mutants/comma-joined'],
    ['cookies-httponly', 'mutants/overwritable'],
    ['cookies-httponly', 'mutants/logout-wrong-path'],
    ['cookies-max-age', 'solution'],
    ['cookies-max-age', 'stub'],
    ['cookies-max-age', 'mutants/express-milliseconds'],
    ['cookies-max-age', 'mutants/unknown-attribute'],
    ['cookies-max-age', 'mutants/twin-cookie'],
  ])('%s %s', { timeout: 120_000 }, async ([id, variant], { expect }) => {
    const { original, text, found } = await graded(id!, variant!)
    // Report and evidence as they come back from the disk.
    const report = JSON.parse(JSON.stringify(original)) as Report
    const replayed = await replayRun({ ...found, report, evidence: decodeEvidence(text) })
    expect(replayed.checks).toEqual(report.checks)
    expect(replayed.verdict).toBe(variant === 'solution' ? 'passed' : 'failed')
    expect(replayed.notes).toEqual([
      ...report.notes,
      expect.stringMatching(/^Judged again from the run of .* \d{4} at /),
    ])
  })
})

describe('what a run did not record', () => {
  test('is skipped and said, and the verdict is none', async () => {
    const { original, text, found } = await graded('cookies-set-and-return', 'solution')
    const [first, ...rest] = decodeEvidence(text)
    const replayed = await replayRun({ ...found, report: original, evidence: rest })
    expect(replayed.verdict).toBe('errored')
    expect(replayed.error).toMatch(
      `is not in this run: “${first!.scenario}”. Grade again: npm run grade cookies-set-and-return`,
    )
    const set = replayed.checks.find(({ id }) => id === 'set')
    expect(set).toMatchObject({
      outcome: 'skipped',
      reason: `the run did not record “${first!.scenario}”.`,
    })
    expect(replayed.checks.find(({ id }) => id === 'returned')).toMatchObject({
      outcome: 'skipped',
      needs: 'set',
    })
  })

  test('leaves what failed a failure', async () => {
    const { original, text, found } = await graded(
      'cookies-set-and-return',
      'mutants/only-top-level',
    )
    const evidence = decodeEvidence(text).filter(
      ({ scenario }) => !scenario.includes('second visitor'),
    )
    expect(evidence).toHaveLength(1)
    const replayed = await replayRun({ ...found, report: original, evidence })
    expect(replayed.verdict).toBe('failed')
    expect(replayed.checks.flatMap(({ diagnosis }) => diagnosis?.id ?? [])).toEqual([
      'only-top-level',
    ])
  })

  test('a program that did not start stays one', async () => {
    const found = findExercise(course, 'cookies-max-age')!
    const program = {
      kind: 'files',
      dir: join(root, 'verify/junk-programs/server/once'),
      entry: 'throws-at-start.ts',
      label: 'throws-at-start.ts',
    } as const
    const { report, evidence } = await gradeExercise({ ...found, program })
    const replayed = await replayRun({ ...found, report, evidence })
    expect(replayed.checks.map(({ outcome, needs }) => [outcome, needs])).toEqual(
      report.checks.map(({ outcome, needs }) => [outcome, needs]),
    )
    expect(replayed.checks[0]).toEqual(report.checks[0])
  })
})

describe('the command', () => {
  test(
    'prints the report of a run or a submission again, in text and in JSON',
    { timeout: 60_000 },
    async ({ onTestFinished }) => {
      const home = await createLearnerHome(onTestFinished)
      const run = await keep(home, await graded('cookies-set-and-return', 'mutants/guessable'))

      const text = await runCommand(home, ['replay', run])
      expect([text.code, text.stderr]).toEqual([1, ''])
      expect(text.stdout).toMatch(
        /✗ Two logins gave two long values that have little in common[\s\S]*Two visitors got the same session, `1`[\s\S]*note {2}Judged again from the run of[\s\S]*Not yet: 7 of 8/,
      )
      const json = await runCommand(home, ['replay', run, '--reporter', 'json'])
      expect(JSON.parse(json.stdout)).toMatchObject({
        exercise: 'cookies-set-and-return',
        verdict: 'failed',
        run,
      })

      const store = openStore(join(home.state, 'roundtrip.sqlite'))
      const submission = (await store.submissions())[0]!
      store.close()
      rmSync(join(home.state, 'runs'), { recursive: true })
      expect((await runCommand(home, ['replay', submission.id])).stdout).toBe(text.stdout)
      expect((await runCommand(home, ['replay', run])).stdout).toBe(text.stdout)
    },
  )

  test(
    'says what is wrong with what it is given',
    { timeout: 60_000 },
    async ({ onTestFinished }) => {
      const home = await createLearnerHome(onTestFinished)
      const none = await runCommand(home, ['replay', 'deadbeef'])
      expect([none.code, none.stderr]).toEqual([
        2,
        'No run is kept yet, so there is nothing called "deadbeef". npm run grade <exercise> makes one.\n',
      ])

      const { original, text } = await graded('cookies-set-and-return', 'stub')
      const folder = join(home.state, 'runs', original.run)
      mkdirSync(folder, { recursive: true })
      writeFileSync(join(folder, 'report.json'), JSON.stringify(original))
      writeFileSync(join(folder, 'evidence.json'), '[{"scenario": "Chromium op')
      const near = await runCommand(home, ['replay', original.run.slice(0, 5)])
      expect([near.code, near.stdout]).toEqual([2, ''])
      expect(near.stderr).toMatch(`Did you mean "${original.run}"?`)

      for (const evidence of ['[{"scenario": "Chromium op', '{}', '[1]', 'null']) {
        writeFileSync(join(folder, 'evidence.json'), evidence)
        const damaged = await runCommand(home, ['replay', original.run])
        expect([damaged.code, damaged.stderr]).toEqual([
          3,
          `The evidence of the run ${original.run} is damaged.\nGrade again for a new run.\n`,
        ])
      }
      const { scenarios } = JSON.parse(text) as { scenarios: object[] }
      writeFileSync(join(folder, 'evidence.json'), JSON.stringify(scenarios))
      const older = await runCommand(home, ['replay', original.run])
      expect([older.code, older.stderr]).toEqual([
        3,
        `The run ${original.run} was recorded by an older Roundtrip, and today's checks need more than it kept.\nGrade again: npm run grade ${original.exercise}\n`,
      ])
      writeFileSync(join(folder, 'report.json'), '{}')
      expect((await runCommand(home, ['replay', original.run])).stderr).toBe(
        `The report of the run ${original.run} is damaged.\nGrade again for a new run.\n`,
      )
    },
  )
})

async function graded(id: string, variant: string) {
  const found = findExercise(course, id)!
  const program = {
    kind: 'files',
    dir: authorsFolder(id, variant),
    entry: 'server.ts',
    label: `exercises/${id}/${variant}/server.ts`,
  } as const
  const { report, evidence } = await gradeExercise({ ...found, program })
  return { original: report, text: encodeEvidence(evidence), found }
}

/** Keeps a grading as a run and as a submission, as the commands do. */
async function keep(
  home: LearnerHome,
  { original, text }: { original: Report; text: string },
): Promise<string> {
  const files = [
    {
      path: 'server.ts',
      content: Buffer.from(authorsFile('cookies-set-and-return', 'mutants/guessable')),
    },
  ]
  saveRun(join(home.state, 'runs'), { report: original, evidence: text, files })
  const store = openStore(join(home.state, 'roundtrip.sqlite'))
  await store.addSubmission({ report: original, evidence: text, files })
  store.close()
  return original.run
}
