import { loadSecret } from '../../server/for-class.ts'

const SHORTEST = 32

/**
 * The key of a class's codes and cookies: `ROUNDTRIP_SECRET`, else one that is drawn once and kept in
 * the state folder. Null when the one that is given is too short to be drawn. Throws what `node:fs`
 * throws.
 */
export function classSecret(given: string | undefined, stateFolder: string): string | null {
  if (!given) return loadSecret(stateFolder)
  return given.length >= SHORTEST ? given : null
}
