import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage } from 'node:http'
import { text } from 'node:stream/consumers'

let css = process.env.CSS ?? 'body { color: rgb(0, 128, 128) }'
let changedAt = new Date()

const server = createServer(async (request, response) => {
  let content: string
  try {
    content = await text(request)
  } catch {
    // The client left in the middle of its content.
    response.writeHead(400).end()
    return
  }
  const [path] = (request.url ?? '/').split('?')

  switch (`${request.method} ${path}`) {
    case 'GET /':
      response.setHeader('Content-Type', 'text/html; charset=utf-8')
      response.end(page())
      break

    case 'HEAD /style.css':
    case 'GET /style.css':
      // A cache refreshes its copy by these fields, so 304 has them as well.
      response.setHeader('Cache-Control', 'no-cache')
      response.setHeader('ETag', tagOf(css))
      response.setHeader('Last-Modified', changedAt.toUTCString())
      if (isKnownTo(request)) {
        response.statusCode = 304
        response.end()
      } else {
        response.setHeader('Content-Type', 'text/css')
        response.end(css)
      }
      break

    case 'PUT /style.css':
      if (namesText(request.headers['if-none-match'])) {
        response.statusCode = 412
        response.end()
      } else {
        css = content
        changedAt = new Date()
        response.statusCode = 204
        response.end()
      }
      break

    default:
      response.statusCode = 404
      response.end('Not found\n')
  }
})

server.listen(Number(process.env.PORT), '127.0.0.1')

// Whether a client that reads has this text already. The date counts only where no tags are named.
function isKnownTo(request: IncomingMessage): boolean {
  const tags = request.headers['if-none-match']
  if (tags !== undefined) return namesText(tags)
  const since = request.headers['if-modified-since']
  return since !== undefined && Date.parse(since) >= inWholeSeconds(changedAt)
}

function namesText(tags: string | undefined): boolean {
  if (tags === undefined) return false
  if (tags.trim() === '*') return true
  return tags.split(',').some((tag) => tag.trim().replace(/^W\//, '') === tagOf(css))
}

function tagOf(content: string): string {
  return `"${createHash('sha256').update(content).digest('hex').slice(0, 16)}"`
}

// Last-Modified says no more than the second.
function inWholeSeconds(date: Date): number {
  return Math.floor(date.getTime() / 1000) * 1000
}

// Given: a page whose colour comes from the stylesheet.
function page(): string {
  return `<!doctype html>
<html lang="en">
  <head>
    <title>Shop</title>
    <link rel="icon" href="data:," />
    <link rel="stylesheet" href="/style.css" />
  </head>
  <body>What colour is this?</body>
</html>
`
}
