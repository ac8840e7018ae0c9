// The place where the learner's own files are edited. On a wide screen the editor is there from the
// start, fetched once the page is idle; elsewhere, and where it was closed, buttons lead to it.

import { keep, kept } from '../kept.js'
import { button, element } from '../page.js'

/**
 * Puts the editor, or the buttons that lead to it, in its place. Gives the way to save all that is
 * open, or nothing on a page without files.
 */
export function editing() {
  const place = document.getElementById('edit')
  if (!place) return undefined
  const open = button('Edit here', () => choose(''))
  const plain = button('Plain text field', () => choose('plain'))
  plain.className = 'quiet'
  /** @type {{ saveAll: () => Promise<void> } | undefined} */
  let session
  const close = () => {
    session = undefined
    place.replaceChildren(open, ' ', plain)
  }
  const start = async (/** @type {boolean} */ inPlainText, /** @type {boolean} */ focus) => {
    place.replaceChildren()
    place.toggleAttribute('data-asked', true)
    if (!inPlainText) fetchAhead(place.dataset.editor ?? '')
    const fetched = await import('./edit-session.js').catch(() => undefined)
    const onClose = () => {
      keep(KEPT, 'closed')
      close()
      open.focus()
    }
    if (fetched)
      return void (session = fetched.beginEditing(place, { inPlainText, focus, onClose }))
    close()
    place.append(notFetched())
  }
  const choose = (/** @type {string} */ how) => {
    keep(KEPT, how)
    void start(how === 'plain', true)
  }
  const chosen = kept(KEPT)
  if (chosen === 'closed' || !matchMedia('(min-width: 70rem)').matches) close()
  else whenIdle(() => start(chosen === 'plain', false))
  return { save: async () => session?.saveAll() }
}

/** How the learner last chose to edit, on every page: here, in plain text, or not in the page. */
const KEPT = 'editor'

/**
 * Begins to fetch the editor while its surroundings come: on a slow line, each wait is seconds. What
 * becomes of it is seen where it is used. @param {string} editor
 */
function fetchAhead(editor) {
  import(editor).catch(() => {})
}

/** @param {() => unknown} action */
function whenIdle(action) {
  // Safari has none.
  if ('requestIdleCallback' in window) requestIdleCallback(action, { timeout: 2000 })
  else setTimeout(action, 200)
}

function notFetched() {
  const words = element('p', 'error')
  words.setAttribute('role', 'alert')
  words.textContent =
    'The editor could not be fetched. See that the course runs (npm start), then reload the page.'
  return words
}
