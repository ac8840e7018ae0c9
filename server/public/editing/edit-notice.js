// What stands above the text: a word about a save, what went wrong, or the choice between two
// versions of a file.

import { button, element } from '../page.js'

/** An empty notice, to be put in its place. */
export function editNotice() {
  const place = element('div', 'editor-notice')
  place.setAttribute('role', 'alert')
  return {
    place,

    /** @param {string} words none of them: nothing is shown */
    say: (words) => place.replaceChildren(...(words === '' ? [] : [paragraph(words)])),

    /** @param {string} words */
    complain: (words) => place.replaceChildren(paragraph(words, 'error')),

    /**
     * Both versions side by side, and a button for each.
     * @param {string} name
     * @param {string} html how the two differ
     * @param {{ keepMine: () => unknown, takeTheirs: () => unknown }} choice
     */
    offerBoth(name, html, { keepMine, takeTheirs }) {
      const words = paragraph(
        `${name} was changed outside this page, and you have changed it here. Which one shall it be?`,
      )
      const choices = element('p', 'editor-choices')
      choices.append(button('Keep mine', keepMine), ' ', button('Take the file’s', takeTheirs))
      const compared = element('div', 'editor-compared')
      // Made by this course's server, out of escaped text.
      compared.innerHTML = html
      place.replaceChildren(words, choices, compared)
    },
  }
}

/**
 * @param {string} words
 * @param {string} [className]
 */
function paragraph(words, className) {
  const made = element('p', className)
  made.textContent = words
  return made
}
