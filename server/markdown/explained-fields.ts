import { attribute, escape } from './escape.ts'
import { explainField } from './field-explanations.ts'

/**
 * The name of a field in a message, for one document: a link to its explanation where there is one.
 * `found` collects what was explained. In each block a field is reached by the keyboard once.
 */
export function fieldNames(found: Set<string>): { newBlock(): (name: string) => string } {
  return {
    newBlock() {
      const before = new Set<string>()
      return (name) => {
        const known = explainField(name)
        if (!known) return `<span class="w-name">${escape(name)}</span>`
        const id = anchorOf(known.name)
        const repeated = before.has(id) ? ' tabindex="-1"' : ''
        before.add(id)
        found.add(known.name)
        return `<a class="w-name" href="#${attribute(id)}" aria-describedby="${attribute(id)}"${repeated}>${escape(name)}</a>`
      }
    },
  }
}

/**
 * The explanations of these fields, to stand at the end of the document. Without a script the names
 * lead here.
 */
export function fieldList(names: ReadonlySet<string>): string {
  if (names.size === 0) return ''
  const entries = [...names]
    .toSorted()
    .map(
      (name) =>
        `<dt>${escape(name)}</dt><dd id="${attribute(anchorOf(name))}">${escape(explainField(name)!.text)}</dd>`,
    )
  return `<details class="fields"><summary>Header fields in these messages</summary><dl>${entries.join('')}</dl></details>\n`
}

function anchorOf(name: string): string {
  return `field-${name.toLowerCase()}`
}
