import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { Writable } from 'node:stream'
import { createGzip } from 'node:zlib'

class ReportPage {
  readonly #out: Writable
  readonly #flush: () => void

  constructor(request: IncomingMessage, response: ServerResponse) {
    response.setHeader('Content-Type', 'text/html;charset=UTF-8')
    this.#out = response
    this.#flush = () => response.flushHeaders()
    if (!String(request.headers['accept-encoding']).includes('gzip')) return
    response.setHeader('Content-Encoding', 'gzip')
    const gzip = createGzip()
    gzip.pipe(response)
    this.#out = gzip
    // Otherwise it keeps what it has for a longer block.
    this.#flush = () => gzip.flush()
  }

  open(): void {
    this.#paragraph('shell', 'Your report is on its way.')
    this.#flush()
  }

  close(id: 'data' | 'error', text: string): void {
    this.#paragraph(id, text)
    this.#out.end()
  }

  #paragraph(id: string, text: string): void {
    this.#out.write(`<p id="${id}">\n  ${text}\n</p>\n`)
  }
}

async function result(): Promise<string> {
  const answer = await fetch(process.env.QUERY_URL ?? '', { signal: AbortSignal.timeout(60_000) })
  if (answer.status >= 400) throw new Error('The service failed.')
  return (await answer.bytes()).reduce((text, byte) => text + String.fromCharCode(byte), '')
}

createServer((request, response) => {
  const page = new ReportPage(request, response)
  page.open()
  result().then(
    (text) => page.close('data', text),
    () => page.close('error', 'There is no report.'),
  )
}).listen(Number(process.env.PORT), '127.0.0.1')
