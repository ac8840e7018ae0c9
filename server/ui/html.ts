import { html } from 'hono/html'

export { html, raw } from 'hono/html'

/** What a view gives: escaped HTML, at once or as a promise. Both can stand in another view. */
export type Html = ReturnType<typeof html>

/** "1 check", "7 checks". */
export function count(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`
}
