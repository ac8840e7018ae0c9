import { nearestExisting } from '../../course/files/nearest-existing.ts'
import { freeSpaceOf, inBytes } from '../../grader/machine/temporary-folder.ts'
import { StoreError } from '../../store/store-error.ts'

/**
 * Refuses to begin what a full disk would leave half done. `what` completes "…, because the disk is
 * full".
 * @throws StoreError
 */
export function requireRoom(
  folder: string,
  neededBytes: number,
  what: string,
  freeSpace = freeSpaceOf,
): void {
  const existing = nearestExisting(folder)
  const { bytes } = freeSpace(existing)
  if (bytes >= neededBytes) return
  throw new StoreError(
    'disk-full',
    `${what}, because the disk is full: ${inBytes(bytes)} left in ${existing}.`,
    `It needs ${inBytes(neededBytes)}. Free some space, then run this again.`,
  )
}
