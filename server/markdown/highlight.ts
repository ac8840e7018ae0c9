import type { HighlighterCore, LanguageInput } from 'shiki/core'
import { escape } from './escape.ts'

/**
 * Lines of code as HTML, one string per line, tokens in `<span class="…">` (see the code colours in
 * style.css). Classes instead of inline styles, because the pages' Content-Security-Policy allows
 * none. An unknown language comes back plain.
 */
export async function highlightLines(code: string, language: string): Promise<string[]> {
  const name = languageNames[language] ?? language
  const grammar = grammars[name]
  if (!grammar || code.length > longest) return code.split('\n').map(escape)
  const highlighter = await loadHighlighter()
  if (!highlighter.getLoadedLanguages().includes(name)) await highlighter.loadLanguage(grammar)
  const lines = highlighter.codeToTokensBase(code, {
    lang: name,
    theme: 'css-variables',
    tokenizeTimeLimit: LONGEST_LINE_MS,
  })
  return lines.map((tokens) => tokensToHtml(tokens))
}

/** Beyond this many characters colour costs more than it helps. */
const longest = 100_000

/**
 * The first line compiles the grammar. Within shiki's own limit, 500 ms, a busy machine does not come
 * to its end, and the line would have one colour from there on.
 */
const LONGEST_LINE_MS = 10_000

const grammars: Record<string, LanguageInput> = {
  typescript: () => import('shiki/langs/typescript.mjs'),
  javascript: () => import('shiki/langs/javascript.mjs'),
  json: () => import('shiki/langs/json.mjs'),
  html: () => import('shiki/langs/html.mjs'),
  css: () => import('shiki/langs/css.mjs'),
  shellscript: () => import('shiki/langs/shellscript.mjs'),
}

const languageNames: Record<string, string> = {
  ts: 'typescript',
  js: 'javascript',
  mjs: 'javascript',
  sh: 'shellscript',
  bash: 'shellscript',
  shell: 'shellscript',
}

let loading: Promise<HighlighterCore> | undefined

function loadHighlighter(): Promise<HighlighterCore> {
  loading ??= createHighlighter()
  return loading
}

async function createHighlighter(): Promise<HighlighterCore> {
  const { createCssVariablesTheme, createHighlighterCore } = await import('shiki/core')
  const { createJavaScriptRegexEngine } = await import('shiki/engine/javascript')
  const theme = createCssVariablesTheme({
    name: 'css-variables',
    variablePrefix: '--',
    fontStyle: false,
  })
  return createHighlighterCore({
    themes: [theme],
    langs: [],
    engine: createJavaScriptRegexEngine(),
  })
}

interface Token {
  readonly content: string
  readonly color?: string
}

function tokensToHtml(tokens: readonly Token[]): string {
  let html = ''
  let open = ''
  for (const { content, color } of tokens) {
    // Blanks have no colour of their own: keeping them in the open span saves a third of the tags.
    const kind = content.trim() === '' ? open : (classes[color ?? ''] ?? '')
    if (kind !== open) {
      if (open) html += '</span>'
      if (kind) html += `<span class="${kind}">`
      open = kind
    }
    html += escape(content)
  }
  return open ? `${html}</span>` : html
}

const classes: Record<string, string> = {
  'var(--token-comment)': 'c-comment',
  'var(--token-constant)': 'c-constant',
  'var(--token-function)': 'c-function',
  'var(--token-keyword)': 'c-keyword',
  'var(--token-parameter)': 'c-parameter',
  'var(--token-string)': 'c-string',
  'var(--token-string-expression)': 'c-string',
}
