// Asks for an answer by fetch(), reads its body to the end, and tells the page around this one how
// far that went.

const { address = '', owner = '' } = document.documentElement.dataset

ask().then((seen) => parent.postMessage(seen, owner))

async function ask() {
  /** @type {{ status: number | null, read: number, error: string | null }} */
  const seen = { status: null, read: 0, error: null }
  try {
    const response = await fetch(address, { cache: 'no-store', signal: AbortSignal.timeout(8000) })
    seen.status = response.status
    const reader = response.body?.getReader()
    for (let piece = await reader?.read(); piece && !piece.done; piece = await reader?.read())
      seen.read += piece.value.length
  } catch (error) {
    seen.error = String(error)
  }
  return seen
}
