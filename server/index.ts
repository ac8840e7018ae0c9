/** The server's one entry: the app, apart from listening, and what starts it. */
export { createApp, type App, type AppOptions } from './create-app.ts'
export { CannotStart, startServer, type RunningServer, type ServerOptions } from './start-server.ts'
export type { Grade } from './runs.ts'
export { renderBook } from './book.ts'
