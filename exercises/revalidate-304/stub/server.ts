import { createServer } from 'node:http'
import { text } from 'node:stream/consumers'

let css = process.env.CSS ?? 'body { color: rgb(0, 128, 128) }'

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

  // TODO: Give the style a tag and a date, and send it only to those who don't have it already.
  switch (`${request.method} ${path}`) {
    case 'GET /':
      response.setHeader('Content-Type', 'text/html; charset=utf-8')
      response.end(page())
      break

    case 'HEAD /style.css':
    case 'GET /style.css':
      response.setHeader('Content-Type', 'text/css')
      response.end(css)
      break

    case 'PUT /style.css':
      css = content
      response.statusCode = 204
      response.end()
      break

    default:
      response.statusCode = 404
      response.end('Not found\n')
  }
})

server.listen(Number(process.env.PORT), '127.0.0.1')

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
