// The playground of requests: has what was typed sent, and shows what was made of it.

import { onSend, sendTyped } from './bytes-editor.js'
import { say } from './playground-say.js'

const outcome = /** @type {HTMLElement} */ (document.getElementById('outcome'))

onSend(async (text, signal) => {
  const { html } = await sendTyped(text, signal)
  outcome.innerHTML = html
  outcome.scrollIntoView({ block: 'nearest' })
  say(/** @type {HTMLElement} */ (outcome.firstElementChild).dataset.summary ?? '')
})
