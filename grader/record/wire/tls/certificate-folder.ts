import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ownFolder } from '../../browser/own-folders.ts'

const folder = ownFolder('certificates')

/**
 * Where certificates are files for learners' programs, which may read in it and nowhere beside it.
 */
export const certificateFolder = folder.path

/** Keeps a text as a file that only this user may read; gives its path. */
export function keepInCertificateFolder(name: string, text: string): string {
  folder.make()
  const file = join(certificateFolder, name)
  writeFileSync(file, text, { mode: 0o600, flag: 'wx' })
  return file
}
