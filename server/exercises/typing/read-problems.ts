import type { Place, Problem } from './types.ts'

/** What the language server says of a text, as problems of that text. */
export function readProblems(result: unknown, text: string): Problem[] {
  const { items = [] } = (result ?? {}) as { items?: readonly Diagnostic[] }
  return items
    .filter(({ severity }) => severity <= 2)
    .map(({ range, code, message }) => ({
      from: range.start,
      to: range.end,
      severity: stopsTheStart(Number(code), range.start, text) ? 'error' : 'warning',
      message,
    }))
}

interface Diagnostic {
  readonly range: { readonly start: Place; readonly end: Place }
  /** 1 error, 2 warning, 3 information, 4 hint. */
  readonly severity: number
  readonly code: number | string
  readonly message: string
}

/** TypeScript numbers what is wrong with the syntax from 1000, with the types from 2000. */
function stopsTheStart(code: number, at: Place, text: string): boolean {
  return (
    code < 2000 ||
    DECLARED_TWICE === code ||
    (MODULES.has(code) && isLinkedAtStart(textBefore(at, text)))
  )
}

/** `let a` beside `let a`: no module is made of it. */
const DECLARED_TWICE = 2451

/** A module that isn't there, or hasn't got what is imported of it, or a name that is taken. */
const MODULES = new Set([
  2305, // no exported member
  2307, // no such module
  2440, // imported, and declared here as well
  2459, // declared there, and not exported
  2613, // no default export, but one of that name
  2614, // no export of that name, but a default one
  2724, // no exported member, but one with a similar name
  2834, // a relative path without its extension
  2835, // the same, when a file with one is there
])

/** Types alone are not looked for when a program starts, and `import()` only once it runs. */
function isLinkedAtStart(before: string): boolean {
  return (
    /(?:^|[\n;])\s*(?:import|export)\b(?!\s+type\b(?!\s*(?:,|from\b)))[^;('"]*['"]?$/.test(
      before,
    ) && !/[{,]\s*type\s+$/.test(before)
  )
}

function textBefore({ line, character }: Place, text: string): string {
  const lines = text.split(/\r\n|\r|\n/).slice(0, line + 1)
  return [...lines.slice(0, -1), lines.at(-1)?.slice(0, character)].join('\n')
}
