import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { writeFileAtomically } from '../../course/files/write-file.ts'
import { explainFileError } from '../../course/read/file-error.ts'
import type { Paths } from '../../course/paths.ts'

/** The session with a class, by which it knows who hands in. */
export interface KeptSession {
  readonly token: string
  /** As the class calls the learner. */
  readonly name: string
}

type Place = Pick<Paths, 'state'>

/** The session that is kept for a class, if any. */
export function keptSession(origin: string, paths: Place): KeptSession | undefined {
  return readSessions(paths)[origin]
}

/**
 * Keeps the session with a class, in a file that its owner alone may read; undefined forgets it.
 * @throws FileError
 */
export function keepSession(origin: string, session: KeptSession | undefined, paths: Place): void {
  const { [origin]: _before, ...others } = readSessions(paths)
  const all = session ? { ...others, [origin]: session } : others
  try {
    writeFileAtomically(fileOf(paths), `${JSON.stringify(all, null, 2)}\n`, { mode: 0o600 })
  } catch (error) {
    throw explainFileError(error, `write ${fileOf(paths)}`)
  }
}

/** What cannot be read costs the learner their code once more, and nothing else. */
function readSessions(paths: Place): Readonly<Record<string, KeptSession>> {
  try {
    const kept: unknown = JSON.parse(readFileSync(fileOf(paths), 'utf8'))
    return Object.fromEntries(
      Object.entries(kept ?? {}).filter(([, session]) => isSession(session)),
    )
  } catch {
    return {}
  }
}

function isSession(value: unknown): value is KeptSession {
  const { token, name } = (value ?? {}) as Partial<KeptSession>
  // A header takes no other characters.
  return typeof token === 'string' && /^[\w-]+$/.test(token) && typeof name === 'string'
}

function fileOf({ state }: Place): string {
  return join(state, 'class-sessions.json')
}
