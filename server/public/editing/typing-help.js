// What the course server says of a text while it is typed: what is wrong with it, marked in its
// place, and what may follow at the cursor. Loaded with the editor.

import { autocompletion, completionKeymap } from '@codemirror/autocomplete'
import { lintGutter, linter, lintKeymap } from '@codemirror/lint'
import { keymap } from '@codemirror/view'

/**
 * @typedef {{ line: number, character: number }} Place
 *
 * @typedef {object} TypingHelp Both reject when the server does not answer.
 * @property {(text: string) => Promise<{ from: Place, to: Place, severity: 'error' | 'warning',
 *   message: string }[]>} problems
 * @property {(text: string, at: Place) => Promise<{ label: string, type: string }[]>} completions
 */

/**
 * The parts of an editor that show it. @param {TypingHelp} help
 */
export function typingHelp({ problems, completions }) {
  return [
    linter(
      async ({ state: { doc } }) => {
        // Nothing to say where the server does not answer: saving tells that.
        const found = await problems(doc.toString()).catch(() => [])
        return found.map(({ from, to, severity, message }) => ({
          from: offsetOf(doc, from),
          to: offsetOf(doc, to),
          severity,
          message,
        }))
      },
      { delay: 500 },
    ),
    lintGutter(),
    autocompletion({
      override: [
        async (context) => {
          const word = context.matchBefore(/[\w$]*$/)
          const from = word?.from ?? context.pos
          const afterDot = context.state.sliceDoc(from - 1, from) === '.'
          if (!context.explicit && !afterDot && from === context.pos) return null
          const { doc } = context.state
          const line = doc.lineAt(context.pos)
          const at = { line: line.number - 1, character: context.pos - line.from }
          const options = await completions(doc.toString(), at).catch(() => [])
          return { from, options, validFor: /^[\w$]*$/ }
        },
      ],
      icons: false,
    }),
    keymap.of([...completionKeymap, ...lintKeymap]),
  ]
}

/** @param {import('@codemirror/state').Text} doc @param {Place} place */
function offsetOf(doc, { line, character }) {
  const { from, to } = doc.line(Math.min(line + 1, doc.lines))
  return Math.min(from + character, to)
}
