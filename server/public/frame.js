// On every page: the colours are switched in place. Without this script the same buttons send a
// form.

import { kept } from './kept.js'

const root = document.documentElement
const buttons = /** @type {NodeListOf<HTMLButtonElement>} */ (
  document.querySelectorAll('.themes button')
)

for (const button of buttons) {
  button.addEventListener('click', (event) => {
    event.preventDefault()
    const age = button.value === 'system' ? 0 : 31_536_000
    document.cookie = `theme=${button.value}; path=/; max-age=${age}; samesite=lax`
    showTheme()
  })
}

// Another tab may switch, and a page that comes back from the browser's memory was not asked for
// anew.
window.cookieStore?.addEventListener('change', showTheme)
addEventListener('pageshow', ({ persisted }) => persisted && showTheme())

function showTheme() {
  const theme = /(?:^|; )theme=(light|dark)/.exec(document.cookie)?.[1] ?? 'system'
  if (theme === 'system') root.removeAttribute('data-theme')
  else root.dataset.theme = theme
  document
    .querySelector('meta[name=color-scheme]')
    ?.setAttribute('content', theme === 'system' ? 'light dark' : theme)
  for (const button of buttons) button.ariaPressed = String(button.value === theme)
}

const search = /** @type {HTMLElement | null} */ (document.querySelector('.search-link'))
search?.addEventListener('click', (event) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return
  event.preventDefault()
  openPalette()
})

/** @type {Record<string, () => void>} */
const keys = { '/': openPalette, j: () => goTo('next', 'last'), k: () => goTo('prev', 'first') }

/**
 * What is typed while the palette is on its way, which takes seconds on a slow line: it is meant for
 * the palette's field. @type {string | undefined}
 */
let typedAhead

addEventListener('keydown', (event) => {
  const { key, ctrlKey, metaKey, altKey, target } = event
  if (typedAhead !== undefined && key.length === 1 && !ctrlKey && !metaKey && !altKey) {
    event.preventDefault()
    typedAhead += key
    return
  }
  const wanted =
    (ctrlKey || metaKey) && !altKey
      ? key.toLowerCase() === 'k' && openPalette
      : !altKey && !isTyping(target) && keys[key]
  if (!wanted || event.defaultPrevented || !search || document.querySelector('dialog[open]')) return
  event.preventDefault()
  wanted()
})

/**
 * Whether keys are text here, or the reader wants no keys without Control. @param {EventTarget |
 * null} target
 */
function isTyping(target) {
  return (
    kept('keys') === 'off' ||
    (target instanceof Element &&
      target.closest('input:not([type=radio]), textarea, select, [contenteditable]') !== null)
  )
}

async function openPalette() {
  if (typedAhead !== undefined) return
  typedAhead = ''
  const palette = await import('./palette.js').catch(() => undefined)
  const words = typedAhead
  typedAhead = undefined
  if (palette) palette.open(words)
  else location.assign(words === '' ? '/search' : `/search?q=${encodeURIComponent(words)}`)
}

/** @param {string} way @param {string} end */
function goTo(way, end) {
  const link = /** @type {HTMLElement | null} */ (document.querySelector(`a[rel=${way}]`))
  if (link) return link.click()
  const nav = /** @type {HTMLElement | null} */ (document.querySelector('.neighbours'))
  const say = nav?.querySelector('[role=status]')
  if (say) say.textContent = `This is the ${end} ${nav?.dataset.of}.`
}

if (document.querySelector('.prose .wire-messages'))
  import('./messages.js').then(({ offerViews }) => offerViews())
