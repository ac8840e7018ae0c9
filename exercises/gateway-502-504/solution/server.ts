import { createServer, request as ask, type IncomingMessage, type ServerResponse } from 'node:http'
import { pipeline } from 'node:stream'

const { hostname, port } = new URL(process.env.UPSTREAM ?? '')
const limit = Number(process.env.TIMEOUT_MS)

const server = createServer((request, response) => {
  const asking = ask({
    host: hostname,
    port,
    method: request.method,
    path: request.url,
    headers: requestFields(request),
  })
  const timer = setTimeout(() => {
    fail(response, 504)
    asking.destroy()
  }, limit)
  asking.on('response', (answer) => {
    clearTimeout(timer)
    const fields = endToEnd(answer).flat()
    response.writeHead(answer.statusCode ?? 502, answer.statusMessage, fields)
    // When either side breaks off, pipeline destroys the other.
    pipeline(answer, response, () => {})
  })
  asking.on('error', () => {
    clearTimeout(timer)
    fail(response, 502)
  })
  response.on('close', () => asking.destroy())
  request.pipe(asking)
})

function requestFields(request: IncomingMessage): readonly string[] {
  const { headers, httpVersion, socket } = request
  const fields = endToEnd(request)
  // The content comes in chunks on this hop, so that is what the next one is told, too.
  if ('transfer-encoding' in headers) fields.push(['Transfer-Encoding', 'chunked'])
  fields.push(['Via', `${httpVersion} gw`])
  fields.push(['X-Forwarded-For', socket.remoteAddress ?? 'unknown'])
  return fields.flat()
}

const HOP_BY_HOP = [
  'connection',
  'keep-alive',
  'proxy-connection',
  'te',
  'transfer-encoding',
  'upgrade',
]

function endToEnd({ headers, rawHeaders }: IncomingMessage): [name: string, value: string][] {
  const named = (headers.connection ?? '').toLowerCase().split(',')
  const removed = new Set([...HOP_BY_HOP, ...named.map((name) => name.trim())])
  return pairs(rawHeaders).filter(([name]) => !removed.has(name.toLowerCase()))
}

function pairs(flat: readonly string[]): [name: string, value: string][] {
  return flat.flatMap((name, index) => (index % 2 ? [] : [[name, flat[index + 1] ?? '']]))
}

function fail(response: ServerResponse, status: 502 | 504): void {
  if (response.writableEnded) return
  // With the head, a status has left already. Only a break can still say that something went wrong.
  if (response.headersSent) {
    response.destroy()
    return
  }
  const title = status === 502 ? 'The upstream gave no valid answer' : 'The upstream took too long'
  response.writeHead(status, { 'Content-Type': 'application/problem+json' })
  response.end(JSON.stringify({ title, status }))
}

server.listen(Number(process.env.PORT), '127.0.0.1')
