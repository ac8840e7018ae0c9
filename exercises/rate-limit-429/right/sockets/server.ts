// On bare connections. Retry-After is a date, and idle keys are looked for at every request.
import { createServer } from 'node:net'

const LIMIT = Number(process.env.LIMIT)
const PERIOD = Number(process.env.PERIOD_MS)

class Bucket {
  private taken: number[] = []

  /** Milliseconds since the epoch at which there is a token; in the past when there is one. */
  nextToken(now: number): number {
    return now + (1 - this.tokens(now)) * (PERIOD / LIMIT)
  }

  take(now: number): void {
    this.taken.push(now)
  }

  isFull(now: number): boolean {
    return this.tokens(now) === LIMIT
  }

  private tokens(now: number): number {
    let tokens = LIMIT
    let since = this.taken[0] ?? now
    for (const at of this.taken) {
      tokens = Math.min(LIMIT, tokens + ((at - since) * LIMIT) / PERIOD) - 1
      since = at
    }
    tokens = Math.min(LIMIT, tokens + ((now - since) * LIMIT) / PERIOD)
    if (tokens === LIMIT) this.taken = []
    return tokens
  }
}

const buckets: Record<string, Bucket> = Object.create(null)

createServer((socket) => {
  let head = ''
  socket.setEncoding('latin1')
  socket.on('error', () => socket.destroy())
  socket.on('data', (piece: string) => {
    head += piece
    if (!head.includes('\r\n\r\n')) return
    const [line = '', ...fields] = head.split('\r\n\r\n')[0]!.split('\r\n')
    const authorization = fields.find((field) => /^authorization:/i.test(field)) ?? ''
    const key = /:\s*bearer\s+(\S+)/i.exec(authorization)?.[1]
    socket.end(answer(line, key))
  })
}).listen(Number(process.env.PORT), '127.0.0.1')

function answer(line: string, key: string | undefined): string {
  const now = Date.now()
  for (const [each, bucket] of Object.entries(buckets)) if (bucket.isFull(now)) delete buckets[each]
  if (line.startsWith('GET /stats '))
    return message('200 OK', ['content-type: application/json'], count())
  if (!line.startsWith('POST /orders ')) return message('404 Not Found', [], '')
  if (!key) return message('401 Unauthorized', ['www-authenticate: bearer'], 'Who are you?')
  const bucket = (buckets[key] ??= new Bucket())
  const next = bucket.nextToken(now)
  if (next <= now) {
    bucket.take(now)
    return message('201 Created', ['location: /orders/new'], '')
  }
  const date = new Date(Math.ceil(next / 1000) * 1000).toUTCString()
  const fields = ['content-type: Application/Problem+JSON; charset=utf-8', `retry-after: ${date}`]
  return message('429 Slow Down', fields, '{ "title": "Slow down", "status": 429 }')
}

function count(): string {
  return `{"keys": ${Object.keys(buckets).length}}`
}

function message(status: string, fields: string[], content: string): string {
  const length = `content-length: ${Buffer.byteLength(content)}`
  return [`HTTP/1.1 ${status}`, ...fields, length, 'connection: close', '', content].join('\r\n')
}
