/** What a statement is given in the place of `$1`, `$2`, … */
export type SqlValue = string | number | boolean | null | Uint8Array

/**
 * A statement in what SQL is the same in SQLite and PostgreSQL: `$1`, ON CONFLICT, RETURNING, FILTER
 * and window functions are; rowid, PRAGMA, INSERT OR IGNORE and max() of two arguments are not. A
 * name keeps its capitals in quotes only. True is 1 in SQLite, so `Boolean` reads it, and `WHERE
 * correct` tests it. Times are ISO 8601 text.
 */
export interface Statement {
  readonly text: string
  readonly values: readonly SqlValue[]
}

/** Yields statements, of which each gets its rows, and returns what was found out. */
export type Steps<Result> = Generator<Statement, Result, object[]>

/** What keeps the records of a learner, or of a class. */
export interface SqlDatabase {
  /** The rows that the statement gives. Throws StoreError. */
  query<Row extends object>(text: string, values?: readonly SqlValue[]): Promise<Row[]>
  /**
   * One transaction, which is kept whole, or not at all. From its start no other one of this learner
   * writes. Its steps are statements alone, because SQLite takes them in one go: whatever else waited
   * in between would find the file locked. Throws StoreError, or what `steps` throws.
   */
  transaction<Result>(steps: () => Steps<Result>): Promise<Result>
}

/** A step of a transaction: `const rows = yield* step<Row>(…)`. */
export function* step<Row extends object>(
  text: string,
  values: readonly SqlValue[] = [],
): Steps<Row[]> {
  return (yield { text, values }) as Row[]
}
