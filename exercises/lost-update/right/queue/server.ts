import { randomUUID } from 'node:crypto'
import http, { type IncomingMessage, type ServerResponse } from 'node:http'
import { setImmediate as aMoment } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import { editPage } from './edit-page.ts'

/** A store that takes its time, as a file or a database does, and serves one writer at a time. */
class Texts {
  #rows = new Map<string, { content: Buffer; version: string }>()
  #last: Promise<unknown> = Promise.resolve()

  async read(name: string) {
    await aMoment()
    return this.#rows.get(name)
  }

  async write(name: string, content: Buffer) {
    await aMoment()
    const version = randomUUID()
    this.#rows.set(name, { content, version })
    return version
  }

  exclusively<Result>(work: () => Promise<Result>): Promise<Result> {
    const turn = this.#last.then(work)
    this.#last = turn.catch(() => undefined)
    return turn
  }
}

const texts = new Texts()
await texts.write('menu', Buffer.from(process.env.MENU ?? ''))

async function get(request: IncomingMessage, response: ServerResponse, name: string) {
  const row = await texts.read(name)
  if (!row) return response.writeHead(404).end()
  const isZipped = String(request.headers['accept-encoding']).includes('gzip')
  const content = isZipped ? gzipSync(row.content) : row.content
  response.writeHead(200, {
    'content-type': 'TEXT/PLAIN;charset=UTF-8',
    'content-length': content.length,
    vary: 'Accept-Encoding',
    // Other bytes have another strong tag.
    etag: isZipped ? `"${row.version}-gzip"` : `"${row.version}"`,
    ...(isZipped && { 'content-encoding': 'gzip' }),
  })
  return response.end(content)
}

async function put(request: IncomingMessage, response: ServerResponse, name: string) {
  const pieces: Buffer[] = []
  for await (const piece of request) pieces.push(piece)
  await texts.exclusively(async () => {
    const row = await texts.read(name)
    const refused = refusal(request, row?.version)
    if (refused) {
      const tag = row ? { etag: `"${row.version}"` } : {}
      return response.writeHead(refused, tag).end('Not saved.')
    }
    const version = await texts.write(name, Buffer.concat(pieces))
    return response.writeHead(row ? 204 : 201, { etag: `"${version}"` }).end()
  })
}

function refusal({ headers }: IncomingMessage, version: string | undefined): number | undefined {
  const { 'if-match': ifMatch, 'if-none-match': ifNoneMatch } = headers
  if (ifMatch === undefined && ifNoneMatch !== '*') return 428
  if (ifNoneMatch === '*' && version !== undefined) return 412
  if (ifMatch === undefined) return undefined
  if (version === undefined) return 412
  const tags = ifMatch.split(',').map((tag) => tag.trim())
  const ours = ['*', `"${version}"`, `"${version}-gzip"`]
  return tags.some((tag) => ours.includes(tag)) ? undefined : 412
}

http
  .createServer((request, response) => {
    const url = request.url ?? ''
    const name = url.startsWith('/texts/') ? url.slice('/texts/'.length) : undefined
    if (url === '/edit') {
      response.writeHead(200, { 'content-type': 'text/html;charset=UTF-8' }).end(editPage)
    } else if (name && request.method === 'GET') {
      void get(request, response, name)
    } else if (name && request.method === 'PUT') {
      put(request, response, name).catch(() => response.destroy())
    } else {
      response.writeHead(405, { allow: 'GET, PUT' }).end()
    }
  })
  .listen(Number(process.env.PORT), '127.0.0.1')
