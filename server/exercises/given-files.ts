import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { readOrdinaryFile } from '../../course/read/read-file.ts'
import type { Exercise } from '../../course/types.ts'
import { highlightLines } from '../markdown/highlight.ts'
import { visible } from '../ui/visible.ts'
import type { GivenFile } from './your-file.ts'

/** What the grader adds to the learner's files: the document into which a page's script is put. */
export async function givenFiles({ kind, dir }: Exercise): Promise<GivenFile[]> {
  const file = join(dir, 'index.html')
  if (kind !== 'page' || !existsSync(file)) return []
  const text = readOrdinaryFile(file).toString('utf8').trimEnd()
  const lines = text.split(/\r?\n/).map(visible)
  return [{ name: 'index.html', lines: await highlightLines(lines.join('\n'), 'html') }]
}
