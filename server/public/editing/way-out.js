// The line under the editor that says what the keyboard can do.

import { element } from '../page.js'

/** How the keyboard gets out again, and what it can do here. @param {boolean} inPlainText */
export function wayOut(inPlainText) {
  const words = element('p', 'editor-keys facts')
  const key = (/** @type {string} */ name) => {
    const made = element('kbd')
    made.textContent = name
    return made
  }
  const control = /Mac|iP/.test(navigator.platform) ? '⌘' : 'Ctrl'
  if (!inPlainText)
    words.append(key('Tab'), ' indents; ', key('Esc'), ' then ', key('Tab'), ' leaves. ')
  words.append(key(control), ' ', key('Enter'), ' runs, ', key(control), ' ', key('S'), ' saves.')
  return words
}
