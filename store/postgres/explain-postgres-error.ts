import { StoreError } from '../store-error.ts'
import { troubleOf, type Trouble } from './trouble-of.ts'

/**
 * Puts an error of `pg` into plain words, in which neither the database's address nor a password is.
 * An error that the person cannot fix, a statement of ours that is wrong, comes back as it is.
 */
export function explainPostgresError(error: unknown): unknown {
  if (error instanceof StoreError) return error
  const kind = troubleOf(error)
  if (!kind) return error
  return new StoreError(kind, ...sentences[kind], error)
}

const sentences: Record<Trouble, readonly [message: string, remedy: string]> = {
  away: ["The class's database does not answer.", 'Try again in a moment.'],
  busy: ["The class's database is busy.", 'Try again in a moment. Nothing was written.'],
  'disk-full': [
    "Disk full: the class's database cannot grow.",
    'Free some space on its machine, then try again. Nothing was written.',
  ],
  'read-only': [
    "The class's database may only be read.",
    'Give the user in DATABASE_URL the right to write, or name the server that takes changes.',
  ],
  damaged: ["The class's database is damaged.", 'Put a backup of it back.'],
  unreachable: [
    "The class's database refuses the user, the password or the name in DATABASE_URL.",
    'Correct DATABASE_URL: postgres://user:password@host:5432/database',
  ],
}
