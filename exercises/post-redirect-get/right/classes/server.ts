import http from 'node:http'
import { gzipSync } from 'node:zlib'
import { readForm, type Signature } from './form.ts'
import { guestbookPage, thanksPage, type Entry } from './pages.ts'

class Guestbook {
  readonly #signatures: Signature[] = []

  /** Gives the number of the new entry. */
  sign(signature: Signature): number {
    return this.#signatures.push(signature) - 1
  }

  find(id: number): Entry | undefined {
    const signature = this.#signatures[id]
    return signature && { id, ...signature }
  }

  *[Symbol.iterator](): Generator<Entry> {
    for (const [id, signature] of this.#signatures.entries()) yield { id, ...signature }
  }
}

class Site {
  readonly #book = new Guestbook()

  async answer(request: http.IncomingMessage): Promise<Response> {
    const { pathname } = new URL(`http://localhost${request.url}`)
    if (pathname === '/sign') return this.#sign(request)
    if (pathname === '/') return html(guestbookPage(this.#book))
    if (pathname === '/entries') return Response.json([...this.#book])
    const entry = this.#book.find(Number(pathname.split('/thanks/')[1] || NaN))
    return entry ? html(thanksPage(entry)) : new Response('No.', { status: 404 })
  }

  async #sign(request: http.IncomingMessage): Promise<Response> {
    if (request.method !== 'POST') return new Response(null, { status: 405, headers: allow })
    const form = await readForm(request).catch(() => undefined)
    if (form === undefined) return new Response(null, { status: 400 })
    const id = this.#book.sign(form)
    // Relative to /sign, and kept by nobody.
    const headers = { location: `thanks/${id}`, 'cache-control': 'no-store' }
    return new Response(null, { status: 303, headers })
  }
}

const allow = { allow: 'POST' }

function html(page: string): Response {
  return new Response(page, { headers: { 'content-type': 'TEXT/HTML; CHARSET=UTF-8' } })
}

const site = new Site()

http
  .createServer(async (request, response) => {
    const answer = await site.answer(request)
    const content = Buffer.from(await answer.arrayBuffer())
    response.writeHead(answer.status, Object.fromEntries(answer.headers))
    response.end(content)
  })
  .on('request', (request, response) => {
    // What a front door of the company adds to every answer.
    if (!/gzip/.test(String(request.headers['accept-encoding']))) return
    const send = response.end.bind(response)
    response.setHeader('Vary', 'Accept-Encoding')
    response.setHeader('Content-Encoding', 'gzip')
    response.end = ((content: Buffer) => send(gzipSync(content))) as typeof response.end
  })
  .listen(Number(process.env.PORT), '127.0.0.1')
