import type { Completion, Place } from './types.ts'

/**
 * What the language server offers, best first, as it can be written: what would need an import that
 * isn't there is left out.
 */
export function readCompletions(result: unknown): Completion[] {
  const list = Array.isArray(result) ? result : ((result as { items?: unknown[] })?.items ?? [])
  const options = (list as Item[])
    .filter(({ data, additionalTextEdits }) => !data?.autoImport && !additionalTextEdits)
    .toSorted((a, b) => ((a.sortText ?? '') < (b.sortText ?? '') ? -1 : 1))
    .map(asCompletion)
  const distinct = new Map(options.map((option) => [`${option.label}\n${option.insert}`, option]))
  return [...distinct.values()].slice(0, MOST_COMPLETIONS)
}

/** The protocol's CompletionItem, and what TypeScript's own server puts into its `data`. */
interface Item {
  readonly label: string
  readonly kind?: number
  readonly sortText?: string
  readonly insertText?: string
  readonly textEdit?: { readonly range: { readonly start: Place }; readonly newText: string }
  readonly additionalTextEdits?: readonly unknown[]
  readonly data?: { readonly name?: string; readonly autoImport?: unknown }
}

const MOST_COMPLETIONS = 400

/** Its own label says `accept?` of a property that may be missing. */
function asCompletion({ label, kind, insertText, textEdit, data }: Item): Completion {
  const name = data?.name ?? insertText ?? label
  const insert = textEdit ? withQuotes(textEdit.newText, name) : (insertText ?? name)
  return {
    label: name,
    type: kinds[kind ?? 0] ?? 'variable',
    ...(insert !== name && { insert }),
    ...(textEdit && { from: textEdit.range.start }),
  }
}

/**
 * A name that isn't an identifier comes as `[accept-encoding]`, without quotes, where the file
 * prefers single ones.
 */
function withQuotes(text: string, name: string): string {
  const access = text === name ? null : /^(\?\.)?\[(?!['"])/.exec(text)
  if (!access) return text
  const quoted = /^[^'\\\p{Cc}]*$/u.test(name) ? `'${name}'` : JSON.stringify(name)
  return `${access[1] ?? ''}[${quoted}]`
}

/** The protocol's CompletionItemKind. */
const kinds: Record<number, string> = {
  2: 'method',
  3: 'function',
  5: 'property',
  7: 'class',
  8: 'interface',
  9: 'namespace',
  10: 'property',
  13: 'enum',
  14: 'keyword',
  21: 'constant',
}
