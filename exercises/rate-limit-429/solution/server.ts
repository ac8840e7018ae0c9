import { randomUUID } from 'node:crypto'
import { createServer, type ServerResponse } from 'node:http'

interface Bucket {
  /** How many were in it at that time; a part of a token counts. */
  tokens: number
  at: number
}

const limit = Number(process.env.LIMIT)
const period = Number(process.env.PERIOD_MS)
const interval = period / limit

const buckets = new Map<string, Bucket>()

const server = createServer((request, response) => {
  if (request.method === 'POST' && request.url === '/orders') {
    const key = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1]
    if (key === undefined) return challenge(response)
    const wait = take(key)
    if (wait > 0) return refuse(response, wait)
    response.writeHead(201, { Location: `/orders/${randomUUID()}` }).end()
  } else if (request.url === '/stats') {
    response.setHeader('Content-Type', 'application/json')
    response.end(JSON.stringify({ keys: buckets.size }))
  } else {
    response.writeHead(404).end('There is nothing at this address.\n')
  }
})

server.listen(Number(process.env.PORT), '127.0.0.1')

/** Takes a token and gives 0, or takes nothing and gives the milliseconds until there is one. */
function take(key: string): number {
  const now = performance.now()
  const bucket = buckets.get(key) ?? { tokens: limit, at: now }
  const tokens = Math.min(limit, bucket.tokens + (now - bucket.at) / interval)
  const left = tokens >= 1 ? tokens - 1 : tokens
  buckets.set(key, { tokens: left, at: now })
  return tokens >= 1 ? 0 : (1 - tokens) * interval
}

function challenge(response: ServerResponse): void {
  response.writeHead(401, { 'WWW-Authenticate': 'Bearer' }).end('Please send your key.\n')
}

function refuse(response: ServerResponse, wait: number): void {
  response.statusCode = 429
  response.setHeader('Retry-After', Math.ceil(wait / 1000))
  response.setHeader('Content-Type', 'application/problem+json')
  response.end(JSON.stringify({ status: 429, title: 'Too many orders with this key.' }))
}

// After this time any bucket is full, and a new key has a full one, too.
function forget(): void {
  const now = performance.now()
  for (const [key, { at }] of buckets) if (now - at >= period) buckets.delete(key)
}

setInterval(forget, 1000)
