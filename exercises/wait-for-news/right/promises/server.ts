import { EventEmitter, once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'

const page = `<!doctype html>
<html lang="en">
<title>News</title>
<link rel="icon" href="data:,">
<h1>News</h1>
<ol id="news"></ol>
<script type="module">
  const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms))
  let after = 0
  for (;;) {
    const response = await fetch('/news?after=' + after, { cache: 'no-store' }).catch(() => null)
    if (response?.status === 200) {
      const { n, text } = await response.json()
      after = n
      const item = document.createElement('li')
      item.textContent = text
      document.querySelector('#news').append(item)
    } else {
      await pause(100)
    }
  }
</script>
</html>
`

const items = new Map<number, string>()
const changes = new EventEmitter()
changes.setMaxListeners(Number.MAX_SAFE_INTEGER)

createServer(async (request, response) => {
  const { pathname, searchParams } = new URL(`http://host${request.url}`)
  if (pathname === '/' && request.method === 'GET') {
    response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' }).end(page)
  } else if (pathname === '/news' && request.method === 'POST') {
    await add(request, response)
  } else if (pathname === '/news' && request.method === 'GET') {
    const n = Number(searchParams.get('after')) + 1
    if (await arrives(n, response)) response.end(JSON.stringify({ n, text: items.get(n) }))
    else response.writeHead(204).end()
  } else {
    response.writeHead(404).end()
  }
}).listen(Number(process.env['PORT']), '127.0.0.1')

async function add(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const item = await text(request).catch(() => undefined)
  if (item === undefined) return void response.writeHead(400).end()
  items.set(items.size + 1, item)
  response.writeHead(204).end()
  changes.emit('news')
}

/** Whether the item is there in time; false also when nobody waits for it any more. */
async function arrives(n: number, response: ServerResponse): Promise<boolean> {
  const left = new AbortController()
  response.once('close', () => left.abort())
  const signal = AbortSignal.any([left.signal, AbortSignal.timeout(Number(process.env['WAIT_MS']))])
  try {
    while (!items.has(n)) await once(changes, 'news', { signal })
    return true
  } catch {
    return false
  }
}
