// The bar over the editor: a tab for each file, how things stand, and the buttons that save and
// close.

import { button, element } from '../page.js'

/**
 * @param {readonly string[]} names of the files
 * @param {{ onShow: (name: string) => unknown, onSave: () => unknown, onClose: () => unknown }}
 * options
 */
export function editorBar(names, { onShow, onSave, onClose }) {
  const tabs = element('div', 'editor-tabs')
  const state = element('span', 'editor-state')
  state.setAttribute('role', 'status')
  const place = element('div', 'editor-bar')
  place.append(tabs, state, button('Save', onSave), button('Close', onClose))
  return {
    place,

    /** @param {string} words */
    say(words) {
      if (state.textContent !== words) state.textContent = words
    },

    /**
     * @param {string | undefined} shown
     * @param {(name: string) => boolean} isChanged
     */
    drawTabs(shown, isChanged) {
      if (names.length < 2) return void (tabs.textContent = names[0] ?? '')
      // Made once: a button that is replaced between press and release is never clicked.
      if (tabs.childElementCount === 0)
        tabs.append(...names.map((name) => button(name, () => onShow(name))))
      for (const [index, name] of names.entries()) {
        const tab = /** @type {HTMLElement} */ (tabs.children[index])
        tab.textContent = `${name}${isChanged(name) ? ' •' : ''}`
        tab.setAttribute('aria-pressed', String(name === shown))
      }
    },
  }
}
