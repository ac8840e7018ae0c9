// What the course server says of a text while it is typed: what is wrong with it, marked in its
// place, and what may follow at the cursor. Loaded with the editor.

import {
  autocompletion,
  completionKeymap,
  insertCompletionText,
  pickedCompletion,
} from '@codemirror/autocomplete'
import { lintGutter, linter, lintKeymap } from '@codemirror/lint'
import { keymap } from '@codemirror/view'

/**
 * @typedef {{ line: number, character: number }} Place
 *
 * @typedef {{ label: string, type: string, insert?: string, from?: Place }} Option `insert` and
 *   `from` where it isn't the label that replaces the word before the cursor
 *
 * @typedef {object} TypingHelp Both questions reject when the server does not answer.
 * @property {() => boolean} isTyping whether anything was typed yet: nothing is asked about a text that is only read
 * @property {(text: string) => Promise<{ from: Place, to: Place, severity: 'error' | 'warning',
 *   message: string }[]>} problems
 * @property {(text: string, at: Place) => Promise<Option[]>} completions
 */

/**
 * The parts of an editor that show it. @param {TypingHelp} help
 */
export function typingHelp({ isTyping, problems, completions }) {
  return [
    linter(
      async ({ state: { doc } }) => {
        if (!isTyping()) return []
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
          const found = await completions(doc.toString(), at).catch(() => [])
          const options = found.map((option) => asOption(option, from, doc))
          return { from, options, validFor: /^[\w$]*$/ }
        },
      ],
      icons: false,
    }),
    keymap.of([...completionKeymap, ...lintKeymap]),
  ]
}

/**
 * `word`: where the word before the cursor begins; more than that may be replaced.
 * @param {Option} option
 * @param {number} word
 * @param {import('@codemirror/state').Text} doc
 * @returns {import('@codemirror/autocomplete').Completion}
 */
function asOption({ label, type, insert = label, from }, word, doc) {
  const before = from ? word - offsetOf(doc, from) : 0
  return {
    label,
    type,
    apply: (view, option, start, end) =>
      view.dispatch({
        ...insertCompletionText(view.state, insert, start - before, end),
        annotations: pickedCompletion.of(option),
      }),
  }
}

/** @param {import('@codemirror/state').Text} doc @param {Place} place */
function offsetOf(doc, { line, character }) {
  const { from, to } = doc.line(Math.min(line + 1, doc.lines))
  return Math.min(from + character, to)
}
