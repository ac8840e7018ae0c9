// What the reader chose, in the browser's storage. Where that is blocked or full, it lasts as long as
// the page.

/** @type {Map<string, string>} */
const here = new Map()

/** @param {string} name */
export function kept(name) {
  try {
    return here.get(name) ?? localStorage.getItem(name)
  } catch {
    return null
  }
}

/** @param {string} name @param {string} value */
export function keep(name, value) {
  try {
    localStorage.setItem(name, value)
    here.delete(name)
  } catch {
    here.set(name, value)
  }
}
