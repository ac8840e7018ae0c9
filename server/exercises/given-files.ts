import { existsSync } from 'node:fs'
import { extname, join } from 'node:path'
import { readGiven } from '../../course/given.ts'
import { readOrdinaryFile } from '../../course/read/read-file.ts'
import type { Exercise } from '../../course/types.ts'
import { highlightLines } from '../markdown/highlight.ts'
import { visible } from '../ui/visible.ts'
import type { GivenFile } from './your-file.ts'

/**
 * What the grader adds to the learner's files: those of `given/`, and the document into which a
 * page's script is put. Throws FileError.
 */
export async function givenFiles(
  exercise: Pick<Exercise, 'id' | 'kind' | 'dir' | 'given'>,
): Promise<GivenFile[]> {
  const document = join(exercise.dir, 'index.html')
  const given = readGiven(exercise)
  if (exercise.kind === 'page' && existsSync(document))
    given.unshift({ path: 'index.html', content: readOrdinaryFile(document) })
  return Promise.all(
    given.map(async ({ path, content }) => {
      const text = Buffer.from(content).toString('utf8').trimEnd()
      const lines = text.split(/\r?\n/).map(visible)
      return { name: path, lines: await highlightLines(lines.join('\n'), extname(path).slice(1)) }
    }),
  )
}
