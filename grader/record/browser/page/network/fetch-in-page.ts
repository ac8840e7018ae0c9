import type { Fetched } from '../../../../types/seen-by-browser.ts'

/** The source of a function that runs in the page. It gives a FetchedInPage. */
export const fetchInPage = `async (path, init) => {
  const response = await fetch(path, init)
  const head = { resolvedWith: response.status, status: response.status, headers: [...response.headers] }
  return response.text().then((text) => ({ ...head, text }), (error) => ({ ...head, readError: String(error) }))
}`

/** What the page's script saw, and why it could not read the content, where it could not. */
export type FetchedInPage = NonNullable<Fetched['seen']> & {
  readonly resolvedWith: number
  readonly readError: string
}
