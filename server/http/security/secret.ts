import { randomBytes } from 'node:crypto'
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * The key that signs this server's cookies and page tokens, from `secret` in the state folder. Made
 * once, readable by its owner alone; it outlives a restart, so that open pages go on working.
 * Throws what `node:fs` throws.
 */
export function loadSecret(stateFolder: string): string {
  const file = join(stateFolder, 'secret')
  return readSecret(file) ?? createSecret(stateFolder, file)
}

function readSecret(file: string): string | undefined {
  try {
    const secret = readFileSync(file, 'utf8').trim()
    return /^[0-9a-f]{64}$/.test(secret) ? secret : undefined
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

function createSecret(stateFolder: string, file: string): string {
  mkdirSync(stateFolder, { recursive: true })
  const draft = `${file}.${process.pid}.${randomBytes(4).toString('hex')}`
  writeFileSync(draft, `${randomBytes(32).toString('hex')}\n`, { mode: 0o600, flag: 'wx' })
  try {
    placeSecret(draft, file)
  } finally {
    rmSync(draft, { force: true })
  }
  return readSecret(file)!
}

function placeSecret(draft: string, file: string): void {
  try {
    // A link fails where a rename would overwrite: of two servers that start at once, both end up
    // with the first one's secret.
    linkSync(draft, file)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    if (readSecret(file) !== undefined) return
    rmSync(file, { force: true })
    linkSync(draft, file)
  }
}
