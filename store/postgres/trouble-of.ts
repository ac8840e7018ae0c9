import { StoreError, type StoreErrorKind } from '../store-error.ts'

/** What a person, or time, has to mend at a class's database. */
export type Trouble = Exclude<StoreErrorKind, 'not-a-database' | 'newer-version' | 'exists'>

/**
 * What is wrong with the database, by an error of `pg` or of Node's sockets. Undefined for anything
 * else: a statement of ours that is wrong, a file that isn't there, a fault in a program of ours.
 */
export function troubleOf(error: unknown): Trouble | undefined {
  // A request that broke off has a status, and looks like a connection that did.
  if (!(error instanceof Error) || 'status' in error) return undefined
  // Of several addresses none answered.
  if (error instanceof AggregateError) return troubleOf(error.errors[0])
  const { code, severity, syscall } = error as Partial<
    Record<'code' | 'severity' | 'syscall', string>
  >
  if (severity !== undefined) return STATES.find(([pattern]) => pattern.test(code ?? ''))?.[1]
  if (code === undefined) return MESSAGES.test(error.message) ? 'away' : undefined
  if (SOCKET_CODES.test(code)) return 'away'
  // A socket in the file system; a file of ours that is missing has another system call.
  return syscall === 'connect' || syscall === 'getaddrinfo' ? 'away' : undefined
}

/**
 * Whether it passes by itself, or once somebody has made room or a server takes changes again: what
 * was to be kept is worth holding until then. To do anything else again would not help.
 */
export function isPassing(error: unknown): boolean {
  if (error instanceof AggregateError) return error.errors.every(isPassing)
  if (error instanceof StoreError)
    return error.cause ? isPassing(error.cause) : isWaiting(error.kind)
  const trouble = troubleOf(error)
  return (
    isWaiting(trouble) || (trouble === 'read-only' && (error as { code?: string }).code === '25006')
  )
}

function isWaiting(trouble: StoreErrorKind | undefined): boolean {
  return trouble === 'away' || trouble === 'busy' || trouble === 'disk-full'
}

/** SQLSTATE codes and classes (postgresql.org/docs/current/errcodes-appendix.html). */
const STATES: readonly (readonly [RegExp, Trouble])[] = [
  // Shut down, crashed, starting up or recovering; the session was ended; a pooler lost its server.
  [/^(08...|57P0[1235]|25P0[34]|XX000)$/, 'away'],
  [/^53100$/, 'disk-full'],
  // Too many clients among them; a lock, a deadlock, a statement that took too long.
  [/^(53...|40...|55P03|55006|57014)$/, 'busy'],
  [/^(25006|42501)$/, 'read-only'],
  [/^(XX001|XX002|58...)$/, 'damaged'],
  [/^(28...|3D000|57P04)$/, 'unreachable'],
]

/** Of Node's sockets, of name look-ups and of TLS (nodejs.org/api/errors.html). */
const SOCKET_CODES = oneOf([
  'ECONN\\w+|EPIPE|ETIMEDOUT|EPROTO|EADDRNOTAVAIL',
  'EHOST(UNREACH|DOWN)|ENET(UNREACH|DOWN|RESET)',
  'ENOTFOUND|EAI_\\w+',
  'ERR_(SSL|TLS)_\\w+|\\w*CERT\\w*|UNABLE_TO_\\w+',
  'ERR_SOCKET_CLOSED|ERR_STREAM_(DESTROYED|WRITE_AFTER_END)',
])

/** `pg` and `pg-pool` give these errors no code. */
const MESSAGES = oneOf([
  'timeout exceeded when trying to connect|timeout expired|query read timeout',
  'connection (terminated|ended).*',
  'client (was closed|has encountered a connection error) and is not queryable',
  'cannot use a pool after calling end on the pool',
  'the server does not support SSL connections',
  'there was an error establishing an SSL connection',
])

function oneOf(patterns: readonly string[]): RegExp {
  return new RegExp(`^(${patterns.join('|')})$`, 'i')
}
