import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { readGiven } from '../../course/given.ts'
import { readOrdinaryFile } from '../../course/read/read-file.ts'
import type { Exercise } from '../../course/types.ts'
import { highlightedSide, type Side } from '../ui/side.ts'

/**
 * What the grader adds to the learner's files: those of `given/`, and the document into which a
 * page's script is put. Read once, as the rest of the course is. Rejects with FileError.
 */
export function givenFiles(exercise: Given): Promise<readonly Side[]> {
  const known = sides.get(exercise)
  if (known) return known
  const reading = read(exercise)
  sides.set(exercise, reading)
  reading.catch(() => sides.delete(exercise))
  return reading
}

type Given = Pick<Exercise, 'id' | 'kind' | 'dir' | 'given'>

const sides = new WeakMap<Given, Promise<readonly Side[]>>()

async function read(exercise: Given): Promise<readonly Side[]> {
  const document = join(exercise.dir, 'index.html')
  const given = readGiven(exercise)
  if (exercise.kind === 'page' && existsSync(document))
    given.unshift({ path: 'index.html', content: readOrdinaryFile(document) })
  return Promise.all(given.map(({ path, content }) => highlightedSide(path, path, content)))
}
