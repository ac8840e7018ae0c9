// The editor of the exercise page, made of CodeMirror's parts, which are served from their packages
// (server/http/vendored-modules.ts).

import { closeBrackets, closeBracketsKeymap } from '@codemirror/autocomplete'
import { defaultKeymap, history, historyKeymap, indentLess, indentMore } from '@codemirror/commands'
import { javascript } from '@codemirror/lang-javascript'
import {
  bracketMatching,
  HighlightStyle,
  indentOnInput,
  indentUnit,
  syntaxHighlighting,
} from '@codemirror/language'
import { highlightSelectionMatches, search, searchKeymap } from '@codemirror/search'
import { EditorState, Transaction } from '@codemirror/state'
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  highlightSpecialChars,
  keymap,
  lineNumbers,
} from '@codemirror/view'
import { tags } from '@lezer/highlight'
import { typingHelp } from './typing-help.js'

/**
 * An editor in `parent`. It stands in a shadow root, where CodeMirror adopts its sheets instead of
 * writing `<style>` elements, which the page's Content-Security-Policy refuses; the page's colours
 * reach it as custom properties.
 * @param {import('./typing-surface.js').SurfaceOptions} options
 */
export function createEditor({ parent, onChange, onSave, problems, completions }) {
  const host = document.createElement('div')
  parent.append(host)
  const root = host.attachShadow({ mode: 'open' })
  /**
   * What was typed and undone in each file, while another one is shown. @type {Map<string,
   * EditorState>}
   */
  const states = new Map()
  let shown = ''
  /** Whether anything was typed here since the page was opened. */
  let isTyping = false
  /**
   * Whether Tab is the learner's to indent with. Not for those who come past by Tab: they go on.
   */
  let isEntered = false
  host.addEventListener('pointerdown', () => (isEntered = true))
  host.addEventListener('focusout', ({ relatedTarget }) => {
    // Nothing on the page has it when another window was chosen, and coming back changes nothing.
    if (relatedTarget) isEntered = false
  })
  const view = new EditorView({ parent: root, root })
  const newState = (/** @type {string} */ name, /** @type {string} */ doc) =>
    EditorState.create({
      doc,
      extensions: [
        EditorView.contentAttributes.of({
          'aria-label': `${name}. Escape, then Tab, leaves the editor.`,
          'aria-describedby': 'keys',
          tabindex: '0',
        }),
        EditorView.updateListener.of((update) => {
          if (!update.docChanged) return
          if (update.transactions.some(isLearners)) isTyping = isEntered = true
          onChange()
        }),
        keymap.of([
          { key: 'Mod-s', preventDefault: true, run: () => (onSave(), true) },
          {
            key: 'Tab',
            run: (view) => isEntered && indentMore(view),
            shift: (view) => isEntered && indentLess(view),
          },
        ]),
        javascript({ typescript: true }),
        typingHelp({
          isTyping: () => isTyping,
          problems: (text) => problems(name, text),
          completions: (text, at) => completions(name, text, at),
        }),
        ...setup,
      ],
    })
  const hint = document.createElement('p')
  hint.id = 'keys'
  hint.hidden = true
  hint.textContent = 'Once you have typed here, Tab indents.'
  root.append(hint)
  return {
    /** Shows a file, as it was when it was shown last. */
    show(/** @type {string} */ name, /** @type {string} */ text) {
      if (shown) states.set(shown, view.state)
      shown = name
      const kept = states.get(name)
      view.setState(kept && kept.doc.toString() === text ? kept : newState(name, text))
    },
    text: () => view.state.doc.toString(),
    /** Replaces everything; undo brings it back. */
    replace(/** @type {string} */ text) {
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } })
    },
    /** For the learner who asked for it, and goes on in it. */
    focus() {
      isEntered = true
      view.focus()
    },
    remove() {
      view.destroy()
      host.remove()
    },
  }
}

/** Not what the page put in place of it. @param {Transaction} transaction */
function isLearners(transaction) {
  return transaction.docChanged && transaction.annotation(Transaction.userEvent) !== undefined
}

const colours = HighlightStyle.define([
  { tag: [tags.keyword, tags.operatorKeyword, tags.modifier], color: 'var(--code-keyword)' },
  { tag: [tags.string, tags.regexp, tags.special(tags.string)], color: 'var(--code-string)' },
  {
    tag: [tags.number, tags.bool, tags.null, tags.typeName, tags.className],
    color: 'var(--code-constant)',
  },
  {
    tag: [tags.function(tags.variableName), tags.function(tags.propertyName)],
    color: 'var(--code-function)',
  },
  { tag: [tags.comment], color: 'var(--code-comment)', fontStyle: 'italic' },
])

const look = EditorView.theme({
  '&': {
    color: 'var(--ink)',
    backgroundColor: 'var(--surface)',
    fontSize: '.875rem',
    height: '100%',
  },
  // Drawn by the frame around it (work.css), of which nothing covers a part.
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': {
    fontFamily: 'var(--mono)',
    lineHeight: '1.6',
    overflow: 'auto',
    // The same for every text, so that nothing below moves when the text comes (work.css).
    height: 'var(--editor-height)',
  },
  '.cm-content': { caretColor: 'var(--ink)', fontVariantLigatures: 'none' },
  '.cm-cursor, .cm-dropCursor': { borderLeftColor: 'var(--ink)' },
  '.cm-gutters': { backgroundColor: 'var(--surface)', color: 'var(--muted)', border: '0' },
  '.cm-activeLine, .cm-activeLineGutter': {
    backgroundColor: 'color-mix(in oklab, var(--accent), transparent 96%)',
  },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground':
    { background: 'color-mix(in oklab, var(--accent), transparent 72%)' },
  '&.cm-focused .cm-matchingBracket, .cm-matchingBracket': {
    backgroundColor: 'var(--mark)',
    color: 'inherit',
  },
  '.cm-selectionMatch, .cm-searchMatch': { backgroundColor: 'var(--mark)' },
  '.cm-panels': {
    backgroundColor: 'var(--raised)',
    color: 'var(--ink)',
    borderColor: 'var(--line)',
  },
  '.cm-tooltip': {
    backgroundColor: 'var(--raised)',
    color: 'var(--ink)',
    border: '1px solid var(--strong-line)',
    borderRadius: '4px',
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul': { fontFamily: 'var(--mono)', maxHeight: '12rem' },
  '.cm-tooltip-autocomplete ul li[aria-selected]': {
    backgroundColor: 'var(--accent)',
    color: 'var(--on-accent)',
  },
  '@media (forced-colors: active)': {
    '.cm-tooltip-autocomplete ul li[aria-selected]': {
      forcedColorAdjust: 'none',
      backgroundColor: 'Highlight',
      color: 'HighlightText',
    },
  },
  '.cm-diagnostic': { whiteSpace: 'pre-wrap', maxWidth: '36rem', fontFamily: 'var(--sans)' },
  '.cm-diagnostic-error': { borderLeftColor: 'var(--fail)' },
  '.cm-diagnostic-warning': { borderLeftColor: 'var(--warn)' },
  // Without a picture in a data: address, which the page's policy refuses.
  '.cm-lintRange': { backgroundImage: 'none', paddingBottom: '0' },
  '.cm-lintRange-error': { textDecoration: 'underline wavy var(--fail)' },
  '.cm-lintRange-warning': { textDecoration: 'underline wavy var(--warn)' },
  '.cm-lint-marker-error, .cm-lint-marker-warning': { content: 'none' },
  '.cm-lint-marker::before': { fontWeight: '700' },
  '.cm-lint-marker-error::before': { content: '"×"', color: 'var(--fail)' },
  '.cm-lint-marker-warning::before': { content: '"!"', color: 'var(--warn)' },
  '.cm-textfield, .cm-button': {
    backgroundColor: 'var(--paper)',
    backgroundImage: 'none',
    color: 'var(--ink)',
    borderColor: 'var(--strong-line)',
  },
})

const setup = [
  lineNumbers(),
  highlightActiveLine(),
  highlightActiveLineGutter(),
  highlightSpecialChars(),
  EditorView.lineWrapping,
  history(),
  drawSelection(),
  indentOnInput(),
  indentUnit.of('  '),
  EditorState.tabSize.of(2),
  bracketMatching(),
  closeBrackets(),
  search({ top: true }),
  highlightSelectionMatches(),
  syntaxHighlighting(colours),
  look,
  keymap.of([
    ...closeBracketsKeymap,
    // Ctrl-Enter runs the checks, wherever on the page one is.
    ...defaultKeymap.filter(({ key }) => key !== 'Mod-Enter'),
    ...searchKeymap,
    ...historyKeymap,
  ]),
]
