import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { readOrdinaryFile } from '../../course/read/read-file.ts'
import type { Exercise } from '../../course/types.ts'
import { highlightedSide, type Side } from '../ui/side.ts'

/**
 * What the grader adds to the learner's files: the document into which a page's script is put. Read
 * once, as the rest of the course is.
 */
export function givenFiles(exercise: Exercise): Promise<readonly Side[]> {
  const known = given.get(exercise)
  if (known) return known
  const reading = readGiven(exercise)
  given.set(exercise, reading)
  reading.catch(() => given.delete(exercise))
  return reading
}

const given = new WeakMap<Exercise, Promise<readonly Side[]>>()

async function readGiven({ kind, dir }: Exercise): Promise<readonly Side[]> {
  const name = 'index.html'
  const file = join(dir, name)
  if (kind !== 'page' || !existsSync(file)) return []
  return [await highlightedSide(name, name, readOrdinaryFile(file))]
}
