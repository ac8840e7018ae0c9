/**
 * Something a visitor asked for that cannot be given, in words for the visitor. Becomes a page with
 * this status.
 */
export class PageError extends Error {
  readonly status: number

  constructor(status: number, message: string) {
    super(message)
    this.name = 'PageError'
    this.status = status
  }
}

/** Something the visitor asked for that is not here. */
export function notFound(message: string): PageError {
  return new PageError(404, message)
}
