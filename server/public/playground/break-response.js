// The playground of responses: has what was typed served, and shows what came of it. What fetch()
// met is told by a frame on the answers' origin.

import { onSend, sendTyped } from './bytes-editor.js'
import { part, say } from './playground-say.js'

const outcome = part('outcome')
const answersFrom = /** @type {HTMLElement} */ (document.querySelector('[data-answers]')).dataset
  .answers

onSend(async (text, signal) => {
  const { html } = await sendTyped(text, signal)
  const heard = heardFromProbe(signal)
  outcome.innerHTML = html
  outcome.scrollIntoView({ block: 'nearest' })
  const [verdict, word, words] = inWords(await heard)
  const card = part('by-fetch')
  card.classList.replace('waiting', verdict)
  card.querySelector('strong')?.replaceChildren(word)
  card.querySelector('span')?.replaceChildren(words)
  const summary = /** @type {HTMLElement} */ (outcome.firstElementChild).dataset.summary
  say(`${summary} ${word}`)
})

/** @typedef {{ status: number | null, read: number, error: string | null }} Seen */

/** @param {AbortSignal} signal @returns {Promise<Seen>} */
function heardFromProbe(signal) {
  return new Promise((resolve) => {
    addEventListener(
      'message',
      ({ origin, source, data }) => {
        const probe = /** @type {HTMLIFrameElement | null} */ (outcome.querySelector('.probe'))
        if (origin === answersFrom && source === probe?.contentWindow) resolve(data)
      },
      { signal },
    )
  })
}

/** @param {Seen} seen @returns {['accepted' | 'refused', string, string]} */
function inWords({ status, read, error }) {
  const bytes = `${read} ${read === 1 ? 'byte' : 'bytes'}`
  if (status === null)
    return [
      'refused',
      'fetch() rejects.',
      `${sentence(error)} The script learns neither a status nor a reason.`,
    ]
  if (error === null)
    return [
      'accepted',
      'fetch() resolves.',
      `Status ${status}, and the body could be read to its end: ${bytes}.`,
    ]
  return [
    'refused',
    'fetch() resolves, reading rejects.',
    `Status ${status}; then, after ${bytes} of the body: ${sentence(error)}`,
  ]
}

/** Firefox ends its messages with a full stop, Chromium does not. @param {string | null} error */
function sentence(error) {
  return `${error}`.replace(/\.?$/, '.')
}
