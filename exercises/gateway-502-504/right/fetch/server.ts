import { createServer, type IncomingMessage } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'

const { PORT, UPSTREAM, TIMEOUT_MS } = process.env
const HOP =
  /^(connection|keep-alive|proxy-.*|te|transfer-encoding|upgrade|host|accept-encoding|expect)$/i

createServer(async (request, response) => {
  const giveUp = new AbortController()
  const late = setTimeout(() => giveUp.abort('late'), Number(TIMEOUT_MS))
  response.once('close', () => giveUp.abort('left'))
  try {
    const answer = await fetch(`${UPSTREAM}${request.url}`, {
      method: request.method!,
      headers: forwardedHeaders(request),
      redirect: 'manual',
      signal: giveUp.signal,
      ...(hasContent(request) && {
        body: Readable.toWeb(request) as ReadableStream,
        duplex: 'half',
      }),
    })
    clearTimeout(late)
    response.statusCode = answer.status
    response.statusMessage = answer.statusText
    const named = namedIn(answer.headers.get('connection'))
    const wasZipped = answer.headers.has('content-encoding')
    for (const [name, value] of answer.headers) {
      if (HOP.test(name) || named.includes(name)) continue
      // fetch has unpacked the content.
      if (wasZipped && /^content-(encoding|length)$/.test(name)) continue
      response.appendHeader(name, value)
    }
    response.appendHeader('via', '1.1 gw')
    response.flushHeaders()
    if (answer.body) await pipeline(Readable.fromWeb(answer.body as never), response)
    else response.end()
  } catch {
    clearTimeout(late)
    if (response.headersSent) return response.destroy()
    const status = giveUp.signal.reason === 'late' ? 504 : 502
    response.writeHead(status, { 'content-type': 'application/problem+json; charset=utf-8' })
    response.end(JSON.stringify({ type: 'about:blank', status }))
  }
}).listen(Number(PORT), '127.0.0.1')

function forwardedHeaders({ headersDistinct, headers, socket }: IncomingMessage): Headers {
  const named = namedIn(headers.connection)
  const result = new Headers()
  for (const [name, values = []] of Object.entries(headersDistinct))
    if (!HOP.test(name) && !named.includes(name))
      for (const value of values) result.append(name, value)
  result.append('via', 'HTTP/1.1 gw (a gateway)')
  result.append('forwarded', `for="${socket.remoteAddress}:${socket.remotePort}";proto=http`)
  return result
}

function hasContent({ headers }: IncomingMessage): boolean {
  return 'transfer-encoding' in headers || Number(headers['content-length'] ?? 0) > 0
}

function namedIn(connection: string | null | undefined): string[] {
  return (connection ?? '').split(',').map((name) => name.trim().toLowerCase())
}
