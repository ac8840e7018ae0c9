import { StoreError, type StoreErrorKind } from '../store-error.ts'

/**
 * Puts an error of `pg` into plain words, in which neither the database's address nor a password is.
 * An error that the person cannot fix, a statement of ours that is wrong, comes back as it is.
 */
export function explainPostgresError(error: unknown): unknown {
  if (error instanceof StoreError) return error
  const kind = kindOf(error)
  if (!kind) return error
  return new StoreError(kind, ...sentences[kind], error)
}

type PostgresKind = Exclude<StoreErrorKind, 'not-a-database' | 'newer-version' | 'exists'>

const sentences: Record<PostgresKind, readonly [message: string, remedy: string]> = {
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

/** SQLSTATE codes and classes (postgresql.org/docs/current/errcodes-appendix.html). */
const states: readonly (readonly [RegExp, PostgresKind])[] = [
  [/^(08...|57P0[1235]|XX000)$/, 'away'],
  [/^(53...|40001|40P01|55P03|55006|57014)$/, 'busy'],
  [/^(25006|42501)$/, 'read-only'],
  [/^(XX001|XX002|58...)$/, 'damaged'],
  [/^(28...|3D000)$/, 'unreachable'],
]

function kindOf(error: unknown): PostgresKind | undefined {
  if (!(error instanceof Error)) return undefined
  const code = 'code' in error ? String(error.code) : ''
  // Of several addresses none answered.
  if (error instanceof AggregateError) return kindOf(error.errors[0])
  if (code === '53100') return 'disk-full'
  if (/^[0-9A-Z]{5}$/.test(code) && 'severity' in error)
    return states.find(([pattern]) => pattern.test(code))?.[1]
  if (/^E[A-Z_]+$/.test(code)) return 'away'
  return /connection terminated|connection error|timeout|does not support SSL|connection ended/i.test(
    error.message,
  )
    ? 'away'
    : undefined
}
