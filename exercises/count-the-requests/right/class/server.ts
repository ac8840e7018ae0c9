import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type ServerResponse,
} from 'node:http'

const page = `<!doctype html>
<html lang="en">
<title>loading</title>
<link rel="stylesheet" href="/style.css">
<script type="module" src="/app.js"></script>
<h1>One page, many requests</h1>
<img src="/logo.svg" alt="A blue disc">
</html>
`

const style = `h1 {
  color: rgb(0, 90, 160);
}
`

const script = `document.title = 'ready'
`

const logo = `<svg xmlns="http://www.w3.org/2000/svg" width="64" height="64">
  <circle cx="32" cy="32" r="30" fill="rgb(0, 90, 160)"/>
</svg>
`

class Site {
  readonly #parts: Record<string, readonly [type: string, content: string]>
  readonly #log = new Log()

  constructor(parts: Record<string, readonly [type: string, content: string]>) {
    this.#parts = parts
  }

  readonly handle: RequestListener = (request, response) => {
    const path = (request.url ?? '').replace(/\?.*/s, '')
    // Each connection serves one request, and the content says where it ends.
    response.setHeader('Connection', 'close')
    if (path === '/log') return this.#send(response, 200, 'application/json', this.#log.toString())
    this.#log.add(request, path)
    const [type, content] = Object.hasOwn(this.#parts, path)
      ? this.#parts[path]!
      : ['text/html', '<h1>Not found</h1>']
    this.#send(response, Object.hasOwn(this.#parts, path) ? 200 : 404, type, content)
  }

  #send(response: ServerResponse, status: number, type: string, content: string): void {
    const bytes = new TextEncoder().encode(content)
    response.writeHead(status, { 'Content-Type': type, 'Content-Length': bytes.length })
    response.end(bytes)
  }
}

class Log {
  readonly #lines: string[] = []

  add({ method }: IncomingMessage, path: string): void {
    this.#lines.push(JSON.stringify({ path, method }))
  }

  toString(): string {
    return `[${this.#lines.join()}]`
  }
}

const site = new Site({
  '/': ['text/html;charset=UTF-8', page],
  '/style.css': ['text/css;charset=UTF-8', style],
  '/app.js': ['text/ecmascript', script],
  '/logo.svg': ['image/svg+xml', logo],
})
createServer(site.handle).listen(Number(process.env.PORT), '127.0.0.1')
