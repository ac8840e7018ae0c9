// Of a playground's page: opens the page of its site in a frame that nobody sees, and has that page
// send requests.

/**
 * What a script was let see. `listed`: how many requests of the site's page are in the browser's own
 * list until then.
 * @typedef {{ status: number, statusText: string, headers: Record<string, string>, text: string, error: string | null, listed: number }} Seen
 */

/** So long a page of this machine may take to load. Milliseconds. */
const LOADS_WITHIN_MS = 10_000

/**
 * Opens the site at an origin.
 * @param {string} origin
 * @returns {Promise<{ send: (path: string, request: RequestInit) => Promise<Seen>, close: () => void }>}
 */
export async function openSite(origin) {
  const frame = document.createElement('iframe')
  frame.hidden = true
  frame.title = 'The page that sends the requests'
  frame.src = `${origin}/`
  await loaded(frame)
  return {
    send: (path, request) =>
      new Promise((resolve) => {
        const { port1, port2 } = new MessageChannel()
        port1.onmessage = ({ data }) => resolve(data)
        frame.contentWindow?.postMessage({ path, request }, origin, [port2])
      }),
    close: () => frame.remove(),
  }
}

/** @param {HTMLIFrameElement} frame @returns {Promise<void>} */
function loaded(frame) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      frame.remove()
      reject(new Error('The site of the playground does not answer. Try it once more.'))
    }, LOADS_WITHIN_MS)
    frame.addEventListener('load', () => {
      clearTimeout(timer)
      resolve()
    })
    document.body.append(frame)
  })
}
