// The buttons that have the learner's own files edited in the page. What edits them is fetched when
// one of them is pressed.

import { button, element } from '../page.js'

/**
 * Puts the button "Edit here" in its place. Gives the way to save all that is open, or nothing on a
 * page without files.
 */
export function editing() {
  const place = document.getElementById('edit')
  if (!place) return undefined
  const open = button('Edit here', () => start(false))
  const plain = button('Plain text field', () => start(true))
  plain.className = 'quiet'
  place.append(open, ' ', plain)
  /** @type {{ saveAll: () => Promise<void> } | undefined} */
  let session
  const close = () => {
    session = undefined
    place.replaceChildren(open, ' ', plain)
    open.focus()
  }
  const start = async (/** @type {boolean} */ inPlainText) => {
    place.replaceChildren()
    const fetched = await import('./edit-session.js').catch(() => undefined)
    if (fetched) return void (session = fetched.beginEditing(place, inPlainText, close))
    close()
    place.append(notFetched())
  }
  return { save: async () => session?.saveAll() }
}

function notFetched() {
  const words = element('p', 'error')
  words.setAttribute('role', 'alert')
  words.textContent =
    'The editor could not be fetched. See that the course runs (npm start), then reload the page.'
  return words
}
