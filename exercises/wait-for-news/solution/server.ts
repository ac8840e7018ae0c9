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

const waitMs = Number(process.env.WAIT_MS ?? 25_000)

/** Item n stands at index n - 1: whoever has seen n items is owed items[n]. */
const items: string[] = []

interface Waiter {
  readonly after: number
  readonly response: ServerResponse
  readonly timer: NodeJS.Timeout
}

const waiters = new Set<Waiter>()

const server = createServer((request, response) => {
  const url = new URL(request.url ?? '/', 'http://localhost')

  switch (`${request.method} ${url.pathname}`) {
    case 'GET /':
      response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' })
      response.end(page)
      break

    case 'POST /news':
      void post(request, response)
      break

    case 'GET /news':
      next(Number(url.searchParams.get('after')), response)
      break

    default:
      response.statusCode = 404
      response.end('Not found\n')
  }
})

server.listen(Number(process.env.PORT), '127.0.0.1')

async function post(request: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    items.push(await text(request))
  } catch {
    // The client left in the middle of its content, so half of an item is there.
    response.writeHead(400).end()
    return
  }
  response.writeHead(204).end()

  for (const waiter of waiters) {
    if (items.length <= waiter.after) continue
    forget(waiter)
    give(waiter.after, waiter.response)
  }
}

function next(after: number, response: ServerResponse): void {
  // What came between two questions must not be lost: the list is asked first.
  if (items.length > after) return give(after, response)

  const timer = setTimeout(() => {
    forget(waiter)
    response.statusCode = 204
    response.end()
  }, waitMs)
  const waiter = { after, response, timer }
  waiters.add(waiter)
  // Also when the client hangs up: otherwise the set would grow with everybody who ever left.
  response.on('close', () => forget(waiter))
}

function give(after: number, response: ServerResponse): void {
  response.writeHead(200, { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' })
  response.end(JSON.stringify({ n: after + 1, text: items[after] }))
}

function forget(waiter: Waiter): void {
  clearTimeout(waiter.timer)
  waiters.delete(waiter)
}
