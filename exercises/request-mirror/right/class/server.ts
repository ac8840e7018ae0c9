import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'

class Reflection {
  readonly #request: IncomingMessage
  #length = 0

  constructor(request: IncomingMessage) {
    this.#request = request
  }

  answer(response: ServerResponse) {
    const path = decoded(this.#target.path)
    if (path === null) {
      response.statusCode = 400
      response.end('This path has an escape that no text has.\n')
      return
    }
    this.#request.on('data', (bytes: Uint8Array) => {
      this.#length += bytes.byteLength
    })
    this.#request.on('end', () => {
      const { method } = this.#request
      const { query, host } = this.#target
      const rest = { query: listsIn(query), host, headers: this.#headers }
      response.setHeader('Content-Type', 'application/json')
      response.write(JSON.stringify({ method, path, ...rest, bodyLength: this.#length }))
      response.end()
    })
  }

  get #target() {
    const target = this.#request.url ?? '/'
    const absolute = /^https?:\/\//i.exec(target)
    const origin = absolute ? target.slice(absolute[0].length).split(/[/?]/, 1)[0]! : null
    const rest = absolute ? target.slice(absolute[0].length + origin!.length) : target
    const mark = rest.indexOf('?')
    const path = mark < 0 ? rest : rest.slice(0, mark)
    const query = mark < 0 ? '' : rest.slice(mark + 1)
    return { path: path || '/', query, host: origin ?? this.#request.headers.host }
  }

  get #headers() {
    const names = this.#request.rawHeaders.filter((_, index) => index % 2 === 0)
    const values = this.#request.rawHeaders.filter((_, index) => index % 2 === 1)
    const headers: Record<string, string[]> = {}
    names.forEach((name, index) => (headers[name.toLowerCase()] ??= []).push(values[index]!))
    return Object.fromEntries(
      Object.entries(headers).map(([name, list]) => [name, list.join(', ')]),
    )
  }
}

/** A query by hand: split at every & and at the first =, then decode; a + is a space. */
function listsIn(query: string) {
  const lists: Record<string, string[]> = {}
  for (const pair of query.split('&').filter((each) => each !== '')) {
    const [name = '', ...value] = pair.split('=').map((part) => part.replaceAll('+', ' '))
    ;(lists[decoded(name) ?? name] ??= []).push(decoded(value.join('=')) ?? value.join('='))
  }
  return lists
}

function decoded(text: string) {
  try {
    return decodeURIComponent(text)
  } catch {
    return null
  }
}

const server = createServer((request, response) => new Reflection(request).answer(response))
server.listen(Number(process.env.PORT), '127.0.0.1')
