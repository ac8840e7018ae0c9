// What every page's script needs: sending a change, and buttons that copy.

const token = document.querySelector('meta[name=token]')?.getAttribute('content') ?? ''

/**
 * Sends a change to this server. Throws an Error whose message is for the reader.
 * @param {string} address
 * @param {unknown} [body]
 * @param {RequestInit} [options]
 * @returns {Promise<any>}
 */
export async function post(address, body = {}, options = {}) {
  const headers = { 'Content-Type': 'application/json', Accept: 'application/json', 'X-Roundtrip-Token': token, ...options.headers }
  const answer = await fetch(address, { method: 'POST', body: JSON.stringify(body), ...options, headers }).catch(() => {
    throw new Error('The course server does not answer. Start it again with: npm start')
  })
  const data = await answer.json().catch(() => ({}))
  if (!answer.ok) throw Object.assign(new Error(data.error ?? `The server answered ${answer.status}. Reload the page.`), { status: answer.status })
  return data
}

/**
 * A button that copies a text.
 * @param {() => string} textOf
 */
export function copyButton(textOf) {
  const button = document.createElement('button')
  button.type = 'button'
  button.className = 'copy'
  button.textContent = 'Copy'
  button.addEventListener('click', async () => {
    await navigator.clipboard.writeText(textOf()).then(
      () => (button.textContent = 'Copied'),
      () => (button.textContent = 'Not allowed'),
    )
    setTimeout(() => (button.textContent = 'Copy'), 2000)
  })
  return button
}
