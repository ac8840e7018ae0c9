import { stripTypes } from '../../../course/read/strip-types.ts'
import type { Problem } from './types.ts'

/**
 * What is wrong with a text's syntax, found as a grading finds it: by taking the types away. At
 * most the first one.
 */
export function syntaxProblems(text: string): Problem[] {
  try {
    stripTypes(text)
    return []
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    return [problemOf(error)]
  }
}

/** The stack begins with the place: `:3`, then lines of the source, then carets below them. */
function problemOf({ message, stack = '' }: SyntaxError): Problem {
  const lines = stack.split('\n')
  const line = Number(/^[^\n]*:(\d+)$/.exec(lines[0] ?? '')?.[1] ?? 1) - 1
  const carets = lines.slice(1, 4).find((each) => /^\s*\^+\s*$/.test(each)) ?? ''
  const character = Math.max(0, carets.indexOf('^'))
  const length = Math.max(1, carets.trim().length)
  return {
    from: { line, character },
    to: { line, character: character + length },
    severity: 'error',
    message,
  }
}
