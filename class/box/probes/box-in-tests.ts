import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Exercise, Lesson } from '../../../course/types.ts'
import { prepareBox, type PreparedBox } from '../prepare-box.ts'
import type { BoxJob } from '../protocol.ts'
import { gradeInBox } from '../run-in-box.ts'
import { trialJob } from '../trial/trial.ts'
import { testUser } from './run-probes.ts'

/** An exercise and a program for it. */
export interface WrittenJob {
  readonly kind?: Exercise['kind']
  /** Runs the program instead of Node. */
  readonly cmd?: string
  /** What stands in checks.ts. */
  readonly checks: string
  readonly program: string
}

/** For tests: a box with what it needs in a folder of its own, and jobs for it. */
export async function boxInTests() {
  const folder = mkdtempSync(join(tmpdir(), 'roundtrip-box-'))
  chmodSync(folder, 0o755)
  let box: PreparedBox
  try {
    box = await prepareBox(testUser, join(folder, 'state'))
    const filling = { ...box, places: { ...box.places, fillsCache: true } }
    await gradeInBox(trialJob(), { box: filling })
  } catch (error) {
    rmSync(folder, { recursive: true, force: true })
    throw error
  }
  let count = 0
  return {
    box,
    job({ kind = 'server', cmd, checks, program }: WrittenJob): BoxJob {
      const dir = join(folder, String(++count))
      mkdirSync(dir)
      writeFileSync(
        join(dir, 'checks.ts'),
        `import { check, scenario, text } from '#grader'\n${checks}\n`,
      )
      const file = `${kind}.ts`
      const exercise = { id: 'boxed', title: 'Boxed', kind, dir, files: [file], gradingSeconds: 2 }
      return {
        exercise: { ...exercise, ...(cmd !== undefined && { cmd }) } as unknown as Exercise,
        lesson: { id: 'by-hand', title: 'By hand', headings: [] } as unknown as Lesson,
        files: [{ path: file, content: Buffer.from(program) }],
      }
    },
    remove: () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }),
  }
}
