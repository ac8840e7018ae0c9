import { watch, type FSWatcher } from 'node:fs'

/** The file system's own events for some folders. */
export interface FolderEvents {
  /**
   * Watches these folders (by path, with their inode) and no others. A folder that was replaced by
   * another of the same name is watched anew. Gives false when the system grants no further
   * watches.
   */
  follow(folders: ReadonlyMap<string, number>): boolean
  /** When the set of watched folders last changed (performance.now). */
  readonly since: number
  close(): void
}

/**
 * Calls `onEvent` for whatever happens in the folders, with the name of the file where the system
 * tells it.
 */
export function createFolderEvents(onEvent: (name: string | null) => void): FolderEvents {
  const watched = new Map<string, { watcher: FSWatcher; inode: number }>()
  let since = performance.now()

  const drop = (folder: string) => {
    watched.get(folder)?.watcher.close()
    watched.delete(folder)
    since = performance.now()
  }
  const add = (folder: string, inode: number) => {
    // On Linux every folder is watched by itself: Node's recursive watch there follows files, and
    // loses one that is replaced.
    const watcher = watch(folder, { recursive: process.platform !== 'linux' })
    watcher.on('change', (_kind, name) => onEvent(name === null ? null : String(name)))
    watcher.on('error', () => {
      if (watched.get(folder)?.watcher === watcher) drop(folder)
    })
    watched.set(folder, { watcher, inode })
    since = performance.now()
  }
  return {
    follow(folders) {
      for (const [folder, { inode }] of watched) if (folders.get(folder) !== inode) drop(folder)
      try {
        for (const [folder, inode] of folders) if (!watched.has(folder)) add(folder, inode)
        return true
      } catch (error) {
        // Gone since it was listed: the next look will see that.
        return (error as NodeJS.ErrnoException).code === 'ENOENT'
      }
    },
    get since() {
      return since
    },
    close() {
      for (const folder of watched.keys()) drop(folder)
    },
  }
}
