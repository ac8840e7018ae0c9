import { stripTypeScriptTypes } from 'node:module'

/**
 * The text of a TypeScript module as Node runs it: blanks in place of the types, so that lines and
 * columns stay. `address`: what stack traces are to name it. Throws the SyntaxError that Node throws.
 */
export function stripTypes(source: string, address?: string): string {
  // Node says with every process that this is an experiment; Roundtrip pins its Node.
  const { emitWarning } = process
  process.emitWarning = () => {}
  try {
    return stripTypeScriptTypes(source, address === undefined ? {} : { sourceUrl: address })
  } finally {
    process.emitWarning = emitWarning
  }
}
