import { createServer, type IncomingMessage } from 'node:http'

const server = createServer((request, response) => {
  const target = readTarget(request)
  if (target === null) {
    response.statusCode = 400
    response.setHeader('Content-Type', 'text/plain; charset=utf-8')
    return response.end('This path cannot be decoded.\n')
  }

  let bodyLength = 0
  // Without setEncoding a chunk is a Buffer, and its length is in bytes.
  request.on('data', (chunk: Buffer) => (bodyLength += chunk.length))
  request.on('end', () => {
    response.setHeader('Content-Type', 'application/json')
    response.end(
      JSON.stringify({
        method: request.method,
        ...target,
        headers: readHeaders(request),
        bodyLength,
      }),
    )
  })
})

server.listen(Number(process.env.PORT), '127.0.0.1')

/** What the target says, taken apart; null when its path cannot be decoded. */
function readTarget({ url = '/', headers }: IncomingMessage) {
  // An absolute target names its own host, and then Host does not count (RFC 9112 §3.2.2). Taken
  // apart by hand: to `new URL(url, base)`, what follows two slashes would be a host as well.
  const [, host, rest] = /^https?:\/\/([^/?]*)(.*)$/i.exec(url) ?? ['', headers.host ?? '', url]
  const [path, query] = cut(rest!, '?')
  const values = new URLSearchParams(query)
  try {
    return {
      path: decodeURIComponent(path || '/'),
      // Split first, then decode: URLSearchParams has done both, in this order.
      query: Object.fromEntries([...values.keys()].map((name) => [name, values.getAll(name)])),
      host,
    }
  } catch {
    return null
  }
}

function readHeaders({ headersDistinct }: IncomingMessage) {
  return Object.fromEntries(
    Object.entries(headersDistinct).map(([name, values]) => [name, values!.join(', ')]),
  )
}

/** What comes before the first separator, and what after it. */
function cut(text: string, separator: string): [before: string, after: string] {
  const at = text.indexOf(separator)
  return at === -1 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)]
}
