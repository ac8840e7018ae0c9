// How the pages of playgrounds speak to their readers.

/** @param {string} id */
export function part(id) {
  return /** @type {HTMLElement} */ (document.getElementById(id))
}

/**
 * Enables the buttons of a form whose script is ready. Until then they are disabled, because the
 * browser itself would send the form, to nobody who reads it.
 * @param {HTMLFormElement} form
 */
export function enable(form) {
  for (const button of form.querySelectorAll('button')) button.disabled = false
}

/** @param {string} words @param {string} id */
export function say(words, id = 'say') {
  part(id).textContent = words
}

/**
 * Scrolls to a part. Only this page moves: within a lesson's frame, `scrollIntoView` could take the
 * lesson along.
 * @param {string} id
 */
export function showFrom(id) {
  scrollTo({ top: part(id).offsetTop - 12 })
}

/**
 * Says what went wrong, unless it was given up for something newer. @param {any} error @param
 * {string} id
 */
export function sayError(error, id = 'say') {
  if (error.name !== 'AbortError')
    say(
      error instanceof TypeError
        ? 'The playground does not answer. Open it from the course anew.'
        : error.message,
      id,
    )
}
