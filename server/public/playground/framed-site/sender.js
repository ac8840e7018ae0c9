// The page of a playground's site, in a frame that nobody sees: sends by fetch() what the
// playground's page asks for, and reports what the browser shows of it to a script.

const ownerOrigin = document.documentElement.dataset.owner
let sent = 0

addEventListener('message', async ({ origin, source, data, ports }) => {
  if (origin !== ownerOrigin || source !== parent) return
  const seen = await send(data)
  ports[0]?.postMessage({ ...seen, listed: await listed() })
})

/** @param {{ path: string, request: RequestInit }} asked */
async function send({ path, request }) {
  sent++
  try {
    const response = await fetch(path, request)
    const text = await response.text()
    const { status, statusText, headers } = response
    return { status, statusText, headers: Object.fromEntries(headers), text, error: null }
  } catch (error) {
    return { status: 0, statusText: '', headers: {}, text: '', error: String(error) }
  }
}

/**
 * How many requests of this page are in the browser's own list (Resource Timing). Engines may add
 * one a moment after its script has the answer.
 */
async function listed() {
  const count = () =>
    performance
      .getEntriesByType('resource')
      .filter((entry) => /** @type {any} */ (entry).initiatorType === 'fetch').length
  for (let tries = 0; tries < 20 && count() < sent; tries++)
    await new Promise((resolve) => setTimeout(resolve, 25))
  return count()
}
