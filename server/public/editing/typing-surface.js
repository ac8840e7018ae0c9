// What one types into: the editor, fetched now and not before, or a field of plain text.

/**
 * @typedef {object} Surface
 * @property {(name: string, text: string) => void} show
 * @property {() => string} text
 * @property {(text: string) => void} replace
 * @property {() => void} focus
 * @property {() => void} remove
 *
 * @typedef {object} SurfaceOptions
 * @property {HTMLElement} parent
 * @property {() => void} onChange
 * @property {() => void} onSave
 * @property {ReturnType<typeof import('./files-on-disk.js').filesOnDisk>['problems']} problems
 * @property {ReturnType<typeof import('./files-on-disk.js').filesOnDisk>['completions']} completions
 */

/**
 * What makes the editor at this address. A field of plain text for those who prefer one, and for
 * where the editor cannot be had.
 * @param {string | undefined} editor
 * @returns {Promise<(options: SurfaceOptions) => Surface>}
 */
export async function fetchSurface(editor) {
  if (editor === undefined) return textField
  try {
    return (await import(editor)).createEditor
  } catch {
    return textField
  }
}

/**
 * @param {SurfaceOptions} options
 * @returns {Surface}
 */
function textField({ parent, onChange, onSave }) {
  const field = document.createElement('textarea')
  field.spellcheck = false
  field.autocapitalize = 'off'
  field.addEventListener('input', onChange)
  field.addEventListener('keydown', (event) => {
    if (event.key !== 's' || !(event.ctrlKey || event.metaKey)) return
    event.preventDefault()
    onSave()
  })
  parent.append(field)
  return {
    show(name, text) {
      field.setAttribute('aria-label', name)
      field.value = text
    },
    text: () => field.value,
    replace(text) {
      // The one way a field's own undo learns of it.
      field.focus()
      field.select()
      if (!document.execCommand('insertText', false, text)) field.value = text
    },
    focus: () => field.focus(),
    remove: () => field.remove(),
  }
}
