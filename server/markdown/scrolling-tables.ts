import { Renderer, type MarkedExtension } from 'marked'

/**
 * Tables in a container that scrolls by itself and can be focused, so that wide ones are reached by
 * keyboard on a phone's width.
 */
export const scrollingTables: MarkedExtension = {
  renderer: {
    table(token) {
      const table = Renderer.prototype.table.call(this, token)
      return `<div class="scroll" role="group" aria-label="Table" tabindex="0">${table}</div>\n`
    },
  },
}
