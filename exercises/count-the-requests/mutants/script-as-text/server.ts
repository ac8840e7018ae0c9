// Misconception: a script is text, so text/plain is right for it.
import { createServer } from 'node:http'

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

/** The site: what stands at each path, and what it is. */
const parts = new Map([
  ['/', { type: 'text/html; charset=utf-8', content: page }],
  ['/style.css', { type: 'text/css; charset=utf-8', content: style }],
  ['/app.js', { type: 'text/plain; charset=utf-8', content: script }],
  ['/logo.svg', { type: 'image/svg+xml', content: logo }],
])

/**
 * Outside of the function that answers: it outlives every request, every connection and every
 * visitor.
 */
const log: { method: string; path: string }[] = []

const server = createServer((request, response) => {
  const path = new URL(request.url ?? '/', 'http://localhost').pathname
  if (path === '/log') {
    response.writeHead(200, { 'Content-Type': 'application/json' })
    response.end(JSON.stringify(log))
    return
  }

  // Before anything is looked up: what one did not expect belongs into a log as well.
  log.push({ method: request.method ?? 'GET', path })

  const part = parts.get(path)
  if (part === undefined) {
    response.writeHead(404, { 'Content-Type': 'text/plain; charset=utf-8' })
    response.end('There is nothing at this address.\n')
    return
  }
  response.writeHead(200, { 'Content-Type': part.type })
  response.end(part.content)
})

server.listen(Number(process.env.PORT), '127.0.0.1')
