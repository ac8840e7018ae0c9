export type StoreErrorKind =
  | 'busy'
  | 'read-only'
  | 'disk-full'
  | 'newer-version'
  | 'not-a-database'
  | 'damaged'
  | 'unreachable'
  | 'exists'
  /** The class's database does not answer now. Trying again later may help. */
  | 'away'

/**
 * Something about what is kept that the person at the machine can fix. Nothing was written when it
 * is thrown.
 */
export class StoreError extends Error {
  readonly kind: StoreErrorKind
  readonly remedy: string

  constructor(kind: StoreErrorKind, message: string, remedy: string, cause?: unknown) {
    super(message, { cause })
    this.name = 'StoreError'
    this.kind = kind
    this.remedy = remedy
  }
}
