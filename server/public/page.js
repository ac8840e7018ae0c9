// What every page's script needs: sending a change, and making elements and buttons, those that
// copy among them.

const token = document.querySelector('meta[name=token]')?.getAttribute('content') ?? ''

/**
 * Sends a change to this server. Throws an Error whose message is for the reader.
 * @param {string} address
 * @param {unknown} [body]
 * @param {RequestInit} [options]
 * @returns {Promise<any>}
 */
export async function post(address, body = {}, options = {}) {
  const headers = {
    'Content-Type': 'application/json',
    Accept: 'application/json',
    'X-Roundtrip-Token': token,
    ...options.headers,
  }
  const answer = await fetch(address, {
    method: 'POST',
    body: JSON.stringify(body),
    ...options,
    headers,
  }).catch(() => {
    throw new Error('The course server does not answer. Start it again with: npm start')
  })
  const data = await answer.json().catch(() => {
    // A refusal without words is one all the same; of an answer that broke off nothing is known.
    if (!answer.ok) return {}
    throw new Error('The answer of the course server broke off. Try it again.')
  })
  if (!answer.ok)
    throw Object.assign(
      new Error(data.error ?? `The server answered ${answer.status}. Reload the page.`),
      { status: answer.status },
    )
  return data
}

/**
 * Does what the button of a form is for, and shows on the button that it is under way. Pressed again
 * meanwhile, it does nothing.
 * @param {HTMLFormElement} form
 * @param {() => Promise<unknown>} action
 */
export async function whileBusy(form, action) {
  const pressed = form.querySelector('button')
  if (pressed?.ariaBusy === 'true') return
  if (pressed) pressed.ariaBusy = 'true'
  try {
    await action()
  } finally {
    if (pressed) pressed.ariaBusy = null
  }
}

/**
 * A button that copies a text.
 * @param {() => string} textOf
 */
export function copyButton(textOf) {
  const copy = button('Copy', async () => {
    await navigator.clipboard.writeText(textOf()).then(
      () => (copy.textContent = 'Copied'),
      () => (copy.textContent = 'Not allowed'),
    )
    setTimeout(() => (copy.textContent = 'Copy'), 2000)
  })
  copy.className = 'copy'
  return copy
}

/**
 * @param {string} words
 * @param {() => unknown} onClick
 */
export function button(words, onClick) {
  const made = document.createElement('button')
  made.type = 'button'
  made.textContent = words
  made.addEventListener('click', onClick)
  return made
}

/**
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {string} [className]
 */
export function element(tag, className = '') {
  const made = document.createElement(tag)
  made.className = className
  return made
}
