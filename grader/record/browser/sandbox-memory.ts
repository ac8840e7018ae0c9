import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { writeFileAtomically } from '../../../course/files/write-file.ts'
import type { FoundBrowser } from './install/browser-places.ts'

/** After a day the sandbox is tried again: a setting of the machine may have been fixed. */
const VALID_MS = 24 * 60 * 60 * 1000

/**
 * True when this browser could not start with its sandbox a short while ago. Finding that out costs
 * a failed start.
 */
export function forgoesSandbox(found: FoundBrowser, now = Date.now()): boolean {
  const since = remembered(found)[found.executablePath]
  return typeof since === 'number' && now - since < VALID_MS
}

export function rememberToForgoSandbox(found: FoundBrowser, now = Date.now()): void {
  const file = memory(found)
  try {
    mkdirSync(join(found.stateDir, 'browser'), { recursive: true, mode: 0o700 })
    writeFileAtomically(file, JSON.stringify({ ...remembered(found), [found.executablePath]: now }))
  } catch {
    // A memory only: the next start finds it out again.
  }
}

function memory(found: FoundBrowser): string {
  return join(found.stateDir, 'browser', 'without-sandbox.json')
}

function remembered(found: FoundBrowser): Record<string, unknown> {
  try {
    const content: unknown = JSON.parse(readFileSync(memory(found), 'utf8'))
    return typeof content === 'object' && content !== null ? { ...content } : {}
  } catch {
    return {}
  }
}
