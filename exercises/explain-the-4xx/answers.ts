import { field, fields, json, matching, status, text, type Exchange } from '#grader'

/** A request, and the status that it has to get. */
export interface Asked {
  readonly name: string
  readonly wanted: number
  readonly exchange: Exchange | null
}

export interface Problem {
  readonly status?: unknown
  readonly title?: unknown
  readonly detail?: unknown
}

/** The characters beside its status that the text of an error page has at least. */
const WORDS = 20

/** A path with dots may be resolved before it is judged (RFC 3986 §5.2.4). */
export const dotsRefused = matching('400 or 404', (got: number) => got === 400 || got === 404)

/** The text of an error page. */
export const explaining = (wanted: number) =>
  matching(
    `the number ${wanted} and at least ${WORDS} other characters`,
    (shown: string) => hasNumber(shown, wanted) && wordsIn(shown, wanted).length >= WORDS,
  )

export const showing = (slug: string) =>
  matching(`a text with ${slug} in it`, (shown: string) => shown.includes(slug))

export const problemOf = (wanted: number) =>
  matching(
    `a problem document with "status": ${wanted}, a title and a detail`,
    (content: unknown) => {
      const problem = asProblem(content)
      return problem?.status === wanted && lackingIn(problem).length === 0
    },
  )

/** The JSON object in an answer; undefined where it has none. */
export function problemIn(of: Exchange | null): Problem | undefined {
  return asProblem(json(of))
}

export function isIn(first: number, of: Exchange | null): boolean {
  return Math.floor((status(of) ?? 0) / 100) === first
}

export function isEmpty(of: Exchange | null): boolean {
  return of?.response?.complete === true && text(of) === ''
}

/** What followed the head of an answer to HEAD. */
export function contentAfter(head: Exchange | null): Uint8Array {
  return head?.extra ?? new Uint8Array()
}

/** `has no Content-Type` */
export function typeInWords(of: Exchange | null): string {
  const type = field(of, 'Content-Type')
  return type === undefined ? 'has no Content-Type' : `says that its content is \`${type}\``
}

/** The methods in Allow, which may come in several fields (RFC 9110 §5.3). */
export function allowed(of: Exchange | null): string[] {
  const members = fields(of, 'Allow').join(',').split(',')
  return members.map((member) => member.trim()).filter((member) => member !== '')
}

/** Of the methods that have to be in Allow, those that are not. */
export function leftOut(methods: readonly string[]): string[] {
  return ['GET', 'HEAD'].filter((method) => !methods.includes(method))
}

function asProblem(content: unknown): Problem | undefined {
  const isObject = typeof content === 'object' && content !== null && !Array.isArray(content)
  return isObject ? content : undefined
}

/** Whether the page says its status as a number of its own, and not as a part of another. */
function hasNumber(shown: string, wanted: number): boolean {
  return new RegExp(`(?<!\\d)${wanted}(?!\\d)`).test(shown)
}

function wordsIn(shown: string, wanted: number): string {
  return shown.replaceAll(String(wanted), '').replaceAll(/\s+/g, ' ').trim()
}

/** The members that are not there, or are not texts. */
function lackingIn(problem: Problem): string[] {
  return (['title', 'detail'] as const).filter((name) => {
    const value = problem[name]
    return typeof value !== 'string' || value.trim() === ''
  })
}
