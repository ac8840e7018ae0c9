// A box in which bytes are typed (see server/playground/typed-bytes.ts): Enter and what is pasted
// get their line ends, \r\n, buttons fill it and send at once.

import { enable, say, sayError } from './playground-say.js'

const form = /** @type {HTMLFormElement} */ (document.getElementById('editor'))
const box = /** @type {HTMLTextAreaElement} */ (document.getElementById('bytes'))
const presets = /** @type {NodeListOf<HTMLButtonElement>} */ (form.querySelectorAll('.preset'))

/**
 * Has what was typed sent whenever the reader wants it, one at a time: another one ends the first
 * by its signal.
 * @param {(text: string, signal: AbortSignal) => Promise<void>} send
 */
export function onSend(send) {
  let current = new AbortController()
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    current.abort()
    const own = (current = new AbortController())
    say('Sent. Waiting for what comes of it.')
    send(box.value, own.signal).catch((error) => own.signal.aborted || sayError(error))
  })
  enable(form)
}

/**
 * Sends the text to the form's address. Throws an Error whose message is for the reader.
 * @param {string} text @param {AbortSignal} signal
 * @returns {Promise<any>}
 */
export async function sendTyped(text, signal) {
  const answer = await fetch(form.action, {
    method: 'POST',
    signal,
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ text }),
  })
  const data = await answer.json()
  if (!answer.ok) throw new Error(data.error)
  return data
}

for (const preset of presets) {
  preset.addEventListener('click', () => {
    box.value = preset.dataset.text ?? ''
    showPressed()
    form.requestSubmit()
  })
}
box.addEventListener('input', showPressed)
showPressed()

function showPressed() {
  for (const preset of presets) preset.ariaPressed = String(preset.dataset.text === box.value)
}

box.addEventListener('beforeinput', (event) => {
  if (event.inputType !== 'insertLineBreak' && event.inputType !== 'insertParagraph') return
  event.preventDefault()
  insert('\\r\\n\n')
})
box.addEventListener('paste', (event) => {
  const text = event.clipboardData?.getData('text/plain')
  if (text === undefined) return
  event.preventDefault()
  insert(text.replaceAll('\r\n', '\n').replaceAll(/(?<!\\n)\n/g, '\\r\\n\n'))
})
box.addEventListener('keydown', (event) => {
  if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) form.requestSubmit()
})

/** As if it were typed: it can be undone. @param {string} text */
function insert(text) {
  if (document.execCommand('insertText', false, text)) return
  box.setRangeText(text, box.selectionStart, box.selectionEnd, 'end')
  box.dispatchEvent(new Event('input'))
}
