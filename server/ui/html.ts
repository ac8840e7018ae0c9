import { html } from 'hono/html'

export { html, raw } from 'hono/html'
export { count } from '../../course/count.ts'

/** What a view gives: escaped HTML, at once or as a promise. Both can stand in another view. */
export type Html = ReturnType<typeof html>
