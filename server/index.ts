/** The server's one entry: what serves courses, and writes one as a book. */
export { startServer } from './http/start-server.ts'
export { renderBook } from './book/book.ts'
export type { Purpose, RunEvent } from './runs/runs.ts'
