import http from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { setInterval } from 'node:timers/promises'

interface Resource {
  readonly status: number
  readonly fields: Readonly<Record<string, string | number>>
  /** Called for GET alone. */
  readonly content: () => Iterable<string | Uint8Array> | AsyncIterable<string>
}

const resources: Readonly<Record<string, () => Resource>> = {
  '/report'() {
    const lines = Array.from(
      { length: Number(process.env.ROWS) },
      (_, n) => `Schraube Größe ${n},${n}`,
    )
    const bytes = Buffer.from(lines.join('\n'))
    const fields = {
      'content-type': 'TEXT/CSV; charset=utf-8',
      'content-length': bytes.length,
      etag: `"v${lines.length}"`,
      'cache-control': 'no-cache',
      'server-timing': `db;dur=${performance.now()}`,
    }
    return { status: 200, fields, content: () => [bytes] }
  },
  '/stream': () => ({
    status: 200,
    fields: { 'content-type': 'text/plain', 'x-made-at': Date.now() },
    content: count,
  }),
}

const missing: Resource = {
  status: 404,
  fields: { 'content-type': 'text/plain', 'content-length': 0 },
  content: () => [],
}

async function* count() {
  let shelf = 0
  for await (const _ of setInterval(400)) {
    yield `shelf ${++shelf}\n`
    if (shelf === 5) return
  }
}

http
  .createServer(async ({ method, url = '/' }, response) => {
    if (method !== 'GET' && method !== 'HEAD') {
      response.writeHead(405, { Allow: 'GET, HEAD' }).end()
      return
    }
    const { pathname } = new URL(url, 'http://stock.invalid')
    const { status, fields, content } = resources[pathname]?.() ?? missing
    response.writeHead(status, fields)
    if (method === 'HEAD') response.end()
    else await pipeline(Readable.from(content()), response).catch(() => {})
  })
  .listen(Number(process.env.PORT), '127.0.0.1')
