// A timer for each key puts its tokens back. Where the bucket is full, the key is forgotten.
import { createServer } from 'node:http'

const { LIMIT, PERIOD_MS, PORT } = process.env
const INTERVAL = Number(PERIOD_MS) / Number(LIMIT)

class Bucket {
  private tokens = Number(LIMIT)
  private next = 0
  private readonly whenFull: () => void

  constructor(whenFull: () => void) {
    this.whenFull = whenFull
  }

  take(): boolean {
    if (this.tokens === 0) return false
    if (this.tokens === Number(LIMIT)) this.wait(Date.now() + INTERVAL)
    this.tokens -= 1
    return true
  }

  secondsLeft(): number {
    return Math.max(1, Math.ceil((this.next - Date.now()) / 1000))
  }

  private wait(next: number): void {
    this.next = next
    setTimeout(() => this.putBack(), next - Date.now())
  }

  private putBack(): void {
    this.tokens += 1
    if (this.tokens < Number(LIMIT)) this.wait(this.next + INTERVAL)
    else this.whenFull()
  }
}

const buckets = new Map<string, Bucket>()

createServer(async ({ method, url, headers }, response) => {
  if (url === '/stats') return response.end(JSON.stringify({ keys: buckets.size }))
  if (method !== 'POST' || url !== '/orders') return response.writeHead(404).end()
  const { authorization } = headers
  if (!authorization?.startsWith('Bearer '))
    return response.writeHead(401, { 'www-authenticate': 'Bearer, Basic realm="none"' }).end()
  const bucket = buckets.get(authorization) ?? new Bucket(() => buckets.delete(authorization))
  buckets.set(authorization, bucket)
  if (bucket.take()) return response.writeHead(201).end('Thank you.')
  response.writeHead(429, {
    'Content-Type': 'application/problem+json',
    'Retry-After': bucket.secondsLeft(),
  })
  response.write('{"status": 429.0,')
  response.end('"title": "Please wait", "type": "https://shop.test/limit"}')
}).listen(Number(PORT), '127.0.0.1')
