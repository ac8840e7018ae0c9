// Misconception: Path names the address that sets the cookie.
import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'

interface Ping {
  sent: boolean
  /** Seconds since the last /start. */
  age: number
}

let startedAt = performance.now()
let pings: Ping[] = []

const server = createServer((request, response) => {
  const [path] = (request.url ?? '/').split('?')

  switch (`${request.method} ${path}`) {
    case 'GET /start':
      return start(response)
    case 'GET /ping':
      return ping(request, response)
    case 'GET /timeline':
      return json(response, pings)
    default:
      response.statusCode = 404
      response.end('Not found\n')
  }
})

function start(response: ServerResponse): void {
  // A monotonic clock: the age must not jump when somebody sets the machine's time.
  startedAt = performance.now()
  pings = []
  // In seconds, and a duration: the browser counts from the arrival of this answer, so its clock
  // need not agree with ours.
  response.setHeader('Set-Cookie', `token=${randomUUID()}; Max-Age=10; Path=/start`)
  response.setHeader('Content-Type', 'text/html; charset=utf-8')
  // A cache that kept this answer would hand the same token to the next visitor.
  response.setHeader('Cache-Control', 'no-store')
  response.end(page)
}

function ping(request: IncomingMessage, response: ServerResponse): void {
  const seconds = (performance.now() - startedAt) / 1000
  const seen = {
    sent: hasCookie(request.headers.cookie, 'token'),
    age: Math.round(seconds * 10) / 10,
  }
  // Kept whether or not the cookie came: its absence is what the timeline is about.
  pings.push(seen)
  // No Set-Cookie here. The browser ends the cookie by itself, and the answer would start it anew.
  json(response, seen)
}

function json(response: ServerResponse, value: unknown): void {
  response.setHeader('Content-Type', 'application/json')
  // Every ping has to reach this server to be counted.
  response.setHeader('Cache-Control', 'no-store')
  response.end(JSON.stringify(value))
}

function hasCookie(header: string | undefined, name: string): boolean {
  return (header ?? '').split(';').some((pair) => pair.trim().startsWith(`${name}=`))
}

// Given: asks /ping once per second for 15 seconds and shows a row for each answer.
const page = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Ten seconds to live</title>
<link rel="icon" href="data:,">
<h1>Ten seconds to live</h1>
<table>
  <thead><tr><th>Asked at second</th><th>Your server says</th></tr></thead>
  <tbody></tbody>
</table>
<script>
  const rows = document.querySelector('tbody')
  let second = 0

  async function ask(cell) {
    const answer = await fetch('/ping', { cache: 'no-store' })
    const { sent, age } = await answer.json()
    cell.textContent = (sent ? 'cookie sent' : 'no cookie') + ' at ' + age + ' s'
  }

  const timer = setInterval(() => {
    second += 1
    if (second === 15) clearInterval(timer)
    const row = rows.insertRow()
    row.insertCell().textContent = second
    const cell = row.insertCell()
    ask(cell).catch(() => { cell.textContent = 'no usable answer' })
  }, 1000)
</script>
</html>
`

server.listen(Number(process.env.PORT), '127.0.0.1')
