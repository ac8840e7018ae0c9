import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { explainFileError } from '../../course/read/file-error.ts'
import { pictureFile, runPictures } from '../../grader/report/svg/index.ts'
import type { Evidence, Report } from '../../grader/types/index.ts'

/**
 * Draws a run into SVG files, named as the pictures are on its page: `sequence-1.svg`. Gives how
 * many. Throws FileError.
 */
export function writePictures(
  report: Report,
  evidence: readonly Evidence[],
  folder: string,
): number {
  const pictures = runPictures(report, evidence)
  try {
    mkdirSync(folder, { recursive: true })
    for (const picture of pictures)
      writeFileSync(join(folder, `${picture.id}.svg`), pictureFile(picture))
  } catch (error) {
    throw explainFileError(error, `write the pictures in ${folder}`)
  }
  return pictures.length
}
