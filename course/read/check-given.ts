import { listFilesBelow, listFolder } from './course-files.ts'
import { join } from 'node:path'
import { isKeepablePath } from './file-name.ts'

type Report = (where: string, message: string, remedy: string) => void

/**
 * The files of an exercise's `given/`, and what is wrong with them: a program that has a file of
 * the same name would have it overwritten at each grading.
 */
export function checkGiven(dir: string, folder: string, report: Report): string[] {
  const given = listFilesBelow(join(dir, 'given'))
  for (const path of given) {
    const where = `${folder}/given/${path}`
    if (!isKeepablePath(path))
      report(
        where,
        `No run could keep a file named "${path}".`,
        'Name it with letters, digits, dots, hyphens and underscores alone.',
      )
    const twice = programsOf(dir).find((program) =>
      listFilesBelow(join(dir, program)).includes(path),
    )
    if (twice !== undefined)
      report(
        `${folder}/${twice}/${path}`,
        `${path} is given, so this one is overwritten at each grading.`,
        `Remove it here, or in ${folder}/given if it is the learner's to write.`,
      )
  }
  return given
}

function programsOf(dir: string): string[] {
  const below = (name: string) =>
    listFolder(join(dir, name)).folders.map((each) => `${name}/${each}`)
  return ['stub', 'solution', ...below('right'), ...below('mutants')]
}
