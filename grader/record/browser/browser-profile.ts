import { mkdtempSync, rmSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { explainFileError } from '../../../course/read/file-error.ts'
import { shortageOf } from '../../machine/shortage.ts'
import { findTemporaryFolderFault } from '../../machine/temporary-folder.ts'
import { ownFolderPrefix, REMOVAL, sweepFolders } from './own-folders.ts'

/** Made anew for each browser: jar, cache and settings are empty. */
export interface BrowserProfile {
  readonly folder: string
  remove(): Promise<void>
  /** For the moment in which this process ends. */
  removeNow(): void
}

/**
 * Makes an empty profile that only this user may read, in `parent` (the system's temporary folder).
 * @throws GraderError that names the folder and what is wrong with it
 */
export function newProfile(parent = tmpdir()): BrowserProfile {
  const folder = makeFolder(parent)
  return {
    folder,
    remove: () => rm(folder, REMOVAL).catch(() => {}),
    removeNow() {
      try {
        rmSync(folder, REMOVAL)
      } catch {
        // The next sweep finds it.
      }
    },
  }
}

function makeFolder(parent: string): string {
  try {
    return mkdtempSync(join(parent, ownFolderPrefix('browser')))
  } catch (error) {
    throw (
      findTemporaryFolderFault(parent) ??
      shortageOf(error) ??
      explainFileError(error, `make a folder in ${parent}`)
    )
  }
}

/** Removes the profiles that processes of this machine left behind when they were killed. */
export function sweepProfiles(parent = tmpdir()): Promise<void> {
  return sweepFolders('browser', parent)
}
