import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Exercise, Lesson } from '../../../course/types.ts'
import type { BoxJob } from '../protocol.ts'

/** An exercise of the box's own, with a program that passes it. */
export function trialJob(): BoxJob {
  const exercise: Exercise = {
    id: 'trial',
    title: 'A trial of the box',
    lesson: 'trial',
    kind: 'server',
    level: 1,
    minutes: 1,
    gradingSeconds: 2,
    hints: [],
    task: '',
    dir: trialFolder,
    files: ['server.ts'],
  }
  const content = readFileSync(join(trialFolder, 'program/server.ts'))
  return {
    exercise,
    lesson: { id: 'trial', title: exercise.title, headings: [] } as unknown as Lesson,
    files: [{ path: 'server.ts', content }],
  }
}

export const trialFolder = import.meta.dirname
