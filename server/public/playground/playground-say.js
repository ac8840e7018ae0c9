// How the pages of playgrounds speak to their readers.

/** @param {string} id */
export function part(id) {
  return /** @type {HTMLElement} */ (document.getElementById(id))
}

/** @param {string} words */
export function say(words) {
  part('say').textContent = words
}

/** Says what went wrong, unless it was given up for something newer. @param {any} error */
export function sayError(error) {
  if (error.name !== 'AbortError')
    say(
      error instanceof TypeError
        ? 'The playground does not answer. Open it from the course anew.'
        : error.message,
    )
}
