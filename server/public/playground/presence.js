// On every page of a playground: keeps a stream open, because the playground's server ends a minute
// after the last of its pages was closed. Of several pages one is enough: a browser opens few
// connections to one server.

const HERE = `/${location.pathname.split('/')[1]}/here`
let leaving = new AbortController()

addEventListener('pageshow', stay)
// Also when the browser keeps the page for going back to it.
addEventListener('pagehide', () => leaving.abort())

function stay() {
  leaving.abort()
  leaving = new AbortController()
  const { signal } = leaving
  if (!navigator.locks) return void keepStream(signal)
  navigator.locks
    .request('presence', { signal }, () => keepStream(signal))
    // The page left before its turn came.
    .catch(() => {})
}

/** Ends with the signal. @param {AbortSignal} signal @returns {Promise<void>} */
function keepStream(signal) {
  const source = new EventSource(HERE)
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => {
      source.close()
      resolve()
    })
  })
}
