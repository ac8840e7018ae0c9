// What the forms of playgrounds have in common.

import { sayError } from './playground-say.js'

/**
 * Does one thing at a time: what is asked for meanwhile is not done.
 * @param {(error: any) => void} onError
 * @returns {(act: () => Promise<void>) => void}
 */
export function oneAtATime(onError = sayError) {
  let busy = false
  return (act) => {
    if (busy) return
    busy = true
    act()
      .catch(onError)
      .finally(() => (busy = false))
  }
}

/** Sends JSON to the playground's server, and gives what that answers. @param {string} address */
export async function postJson(address, /** @type {object} */ content) {
  const answer = await fetch(address, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(content),
  })
  return answer.json()
}

/** Makes a form ready for the next guess. @param {HTMLFormElement} form @param {string} name */
export function forgetGuess(form, name) {
  for (const radio of /** @type {NodeListOf<HTMLInputElement>} */ (
    form.querySelectorAll(`[name=${name}]`)
  ))
    radio.checked = false
}
