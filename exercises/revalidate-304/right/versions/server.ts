import { randomUUID } from 'node:crypto'
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'

type Decision = 'go-on' | 'not-modified' | 'precondition-failed'

class Resource {
  #content: Buffer
  #version = randomUUID()
  #seconds = Resource.#now()

  constructor(content: string) {
    this.#content = Buffer.from(content)
  }

  get content(): Buffer {
    return this.#content
  }

  get validators(): Record<string, string> {
    const lastModified = new Date(this.#seconds * 1000).toUTCString()
    return { ETag: `W/"${this.#version}"`, 'Last-Modified': lastModified, Vary: 'Accept-Encoding' }
  }

  replace(content: Buffer): void {
    this.#content = content
    this.#version = randomUUID()
    this.#seconds = Resource.#now()
  }

  decide(headers: IncomingHttpHeaders, isRead: boolean): Decision {
    const failed = isRead ? 'not-modified' : 'precondition-failed'
    const { 'if-none-match': tags, 'if-modified-since': since } = headers
    if (tags) return this.#isAmong(tags) ? failed : 'go-on'
    if (!isRead || !since) return 'go-on'
    return this.#seconds * 1000 > (Date.parse(since) || 0) ? 'go-on' : 'not-modified'
  }

  #isAmong(tags: string): boolean {
    const opaque = /\s*(?:W\/)?"([\x21\x23-\x7e]*)"\s*(?:,|$)/y
    if (/^\s*\*\s*$/.test(tags)) return true
    for (let match = opaque.exec(tags); match; match = opaque.exec(tags))
      if (match[1] === this.#version) return true
    return false
  }

  static #now(): number {
    return Math.trunc(Date.now() / 1000)
  }
}

const style = new Resource(process.env.CSS ?? '')

createServer((request, response) => {
  const { pathname } = new URL(request.url ?? '/', 'http://localhost')
  if (pathname === '/') return page(response)
  if (pathname !== '/style.css') return void response.writeHead(404).end()

  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => chunks.push(chunk))
  request.on('end', () => {
    const isRead = request.method !== 'PUT'
    const decision = style.decide(request.headers, isRead)
    const fields = { ...style.validators, 'Cache-Control': 'no-cache, must-revalidate' }
    if (decision === 'not-modified') response.writeHead(304, fields).end()
    else if (decision === 'precondition-failed') response.writeHead(412, fields).end('Too late.')
    else if (isRead) drip(response.writeHead(200, { ...fields, 'Content-Type': 'text/css' }))
    else {
      style.replace(Buffer.concat(chunks))
      response.writeHead(204, style.validators).end()
    }
  })
}).listen(Number(process.env.PORT), '127.0.0.1')

function page(response: ServerResponse): void {
  const link = '<link rel="stylesheet" href="/style.css" media="all">'
  response.setHeader('Content-Type', 'text/html')
  response.end(`<!doctype html><html><head>${link}</head><body><h1>Shop</h1></body></html>`)
}

// In small chunks, without a length.
function drip(response: ServerResponse): void {
  for (let at = 0; at < style.content.length; at += 10) {
    response.write(style.content.subarray(at, at + 10))
  }
  response.end()
}
