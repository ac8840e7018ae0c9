import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'

/** Made anew for each browser: jar, cache and settings are empty. */
export interface BrowserProfile {
  readonly folder: string
  remove(): Promise<void>
  /** For the moment in which this process ends. */
  removeNow(): void
}

// A browser that is ending may still write while its folder is removed.
const REMOVAL = { recursive: true, force: true, maxRetries: 5, retryDelay: 20 } as const

/** Makes an empty profile that only this user may read, in `parent` (the system's temporary folder). */
export function newProfile(parent = tmpdir()): BrowserProfile {
  const folder = mkdtempSync(join(parent, `${prefix()}${process.pid}-`))
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

/** Removes the profiles that processes of this machine left behind when they were killed. */
export async function sweepProfiles(parent = tmpdir()): Promise<void> {
  const names = readdirSync(parent).filter((name) => name.startsWith(prefix()))
  const abandoned = names.filter((name) => !lives(Number.parseInt(name.slice(prefix().length))))
  await Promise.all(abandoned.map((name) => rm(join(parent, name), REMOVAL).catch(() => {})))
}

/** Containers that share a temporary folder have pids of their own: the machine's name tells their profiles apart. */
function prefix(): string {
  return `roundtrip-browser-${hostname().replace(/[^\w.]/g, '_')}-`
}

function lives(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
