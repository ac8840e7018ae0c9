import http from 'node:http'

const page = `<!doctype html>
<html lang="en">
<title>News</title>
<link rel="icon" href="data:,">
<h1>News</h1>
<ol id="news"></ol>
<script type="module">
  const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms))
  let after = 0
  for (;;) {
    const response = await fetch('/news?after=' + after, { cache: 'no-store' }).catch(() => null)
    if (response?.status === 200) {
      const { n, text } = await response.json()
      after = n
      const item = document.createElement('li')
      item.textContent = text
      document.querySelector('#news').append(item)
    } else {
      await pause(100)
    }
  }
</script>
</html>
`

class Newspaper {
  readonly #items: string[] = []
  /** By the number of the item that they wait for. */
  readonly #readers = new Map<number, Set<Reader>>()

  publish(text: string): void {
    const n = this.#items.push(text)
    for (const reader of this.#readers.get(n) ?? []) reader.receive(n, text)
    this.#readers.delete(n)
  }

  subscribe(n: number, reader: Reader): void {
    const text = this.#items[n - 1]
    if (text !== undefined) return reader.receive(n, text)
    const waiting = this.#readers.get(n) ?? new Set()
    this.#readers.set(n, waiting.add(reader))
    reader.onLeave = () => waiting.delete(reader)
  }
}

class Reader {
  readonly #response: http.ServerResponse
  readonly #timer: NodeJS.Timeout
  onLeave = (): unknown => undefined

  constructor(response: http.ServerResponse, waitMs: number) {
    this.#response = response
    this.#timer = setTimeout(() => this.#leave(() => response.writeHead(204).end()), waitMs)
    response.on('close', () => this.#leave(() => {}))
  }

  receive(n: number, text: string): void {
    const content = Buffer.from(JSON.stringify({ text, n }, null, 2))
    const head = { 'content-type': 'application/json', 'content-length': content.length }
    this.#leave(() => this.#response.writeHead(200, head).end(content))
  }

  #leave(withWords: () => void): void {
    clearTimeout(this.#timer)
    this.onLeave()
    withWords()
  }
}

const newspaper = new Newspaper()
const waitMs = Number(process.env['WAIT_MS'])

const server = http.createServer()
server.on('request', (request, response) => {
  const [path, query] = request.url!.split('?')
  if (path === '/') {
    response.setHeader('content-type', 'text/html')
    response.end(page)
  } else if (request.method === 'POST') {
    let text = ''
    request.setEncoding('utf8')
    request.on('data', (piece: string) => (text += piece))
    request.on('end', () => {
      newspaper.publish(text)
      response.writeHead(204).end()
    })
  } else {
    const after = Number.parseInt(new URLSearchParams(query).get('after') ?? '0', 10)
    newspaper.subscribe(after + 1, new Reader(response, waitMs))
  }
})
server.listen({ host: '127.0.0.1', port: Number(process.env['PORT']) })
