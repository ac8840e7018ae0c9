import http, { type IncomingMessage } from 'node:http'

interface Hop {
  method: string
  url: string
  status: number
}

/** Everything in lower case, with events, chunks and a new connection for every request. */
class Journey {
  readonly chain: Hop[] = []
  #fields: Map<string, string>
  private url: URL
  private method: string
  private body: Buffer | null

  constructor(url: URL, method: string, headers: Record<string, string>, body: Buffer | null) {
    this.url = url
    this.method = method
    this.body = body
    this.#fields = new Map(
      Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
    )
  }

  async travel() {
    for (let redirects = 0; redirects <= 20; redirects++) {
      const { answer, content } = await this.#ask()
      const status = answer.statusCode!
      this.url.hash = ''
      this.chain.push({ method: this.method, url: String(this.url), status })
      const target = answer.headers['location']
      if (target === undefined || !this.#turn(status)) {
        return { chain: this.chain, body: content.toString('utf8'), status }
      }
      this.#move(new URL(target, this.url))
    }
    return Promise.reject(new Error('Lost after 20 redirects'))
  }

  #turn(status: number): boolean {
    switch (status) {
      case 301:
      case 302:
        if (this.method === 'POST') this.#becomeGet()
        return true
      case 303:
        if (this.method !== 'HEAD' && this.method !== 'GET') this.#becomeGet()
        return true
      case 307:
      case 308:
        return true
      default:
        return false
    }
  }

  #becomeGet() {
    this.method = 'GET'
    this.body = null
    for (const name of this.#fields.keys()) {
      if (name.startsWith('content-')) this.#fields.delete(name)
    }
  }

  #move(next: URL) {
    const isStranger =
      next.protocol !== this.url.protocol ||
      next.hostname !== this.url.hostname ||
      next.port !== this.url.port
    if (isStranger) ['authorization', 'cookie'].forEach((name) => this.#fields.delete(name))
    this.url = next
  }

  #ask(): Promise<{ answer: IncomingMessage; content: Buffer }> {
    return new Promise((resolve, reject) => {
      if (this.url.protocol !== 'http:') return reject(new Error(`not over ${this.url.protocol}`))
      const request = http.request({
        host: this.url.hostname,
        port: this.url.port,
        path: `${this.url.pathname}${this.url.search}`,
        method: this.method,
        agent: false,
        headers: { ...Object.fromEntries(this.#fields), accept: '*/*' },
      })
      request.once('error', reject)
      request.once('response', (answer) => {
        const chunks: Buffer[] = []
        answer.on('data', (chunk: Buffer) => chunks.push(chunk))
        answer.once('end', () => resolve({ answer, content: Buffer.concat(chunks) }))
      })
      if (this.body) {
        const half = this.body.length >> 1
        request.write(this.body.subarray(0, half))
        request.write(this.body.subarray(half))
      }
      request.end()
    })
  }
}

export function follow(
  url: string,
  options: { method?: string; headers?: Record<string, string>; body?: string },
) {
  const body = options.body === undefined ? null : Buffer.from(options.body)
  return new Journey(new URL(url), options.method ?? 'GET', options.headers ?? {}, body).travel()
}
