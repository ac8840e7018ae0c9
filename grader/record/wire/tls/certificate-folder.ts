import { randomBytes } from 'node:crypto'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ownFolderPrefix, REMOVAL, sweepFolders } from '../../browser/own-folders.ts'

/**
 * Where certificates are files for learners' programs, which may read in it and nowhere beside it.
 * It is there from the first file on, and goes with this process; its name is known before, for
 * programs that are started before their certificate is made.
 */
export const certificateFolder = join(
  tmpdir(),
  `${ownFolderPrefix('certificates')}${randomBytes(8).toString('hex')}`,
)

let made = false

/** Keeps a text as a file that only this user may read; gives its path. */
export function keepInCertificateFolder(name: string, text: string): string {
  if (!made) makeFolder()
  const file = join(certificateFolder, name)
  writeFileSync(file, text, { mode: 0o600, flag: 'wx' })
  return file
}

function makeFolder(): void {
  void sweepFolders('certificates').catch(() => {})
  mkdirSync(certificateFolder, { mode: 0o700 })
  made = true
  process.once('exit', () => {
    try {
      rmSync(certificateFolder, REMOVAL)
    } catch {
      // The next sweep finds it.
    }
  })
}
