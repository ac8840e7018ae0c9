import { createServer } from 'node:http'

const server = createServer((request, response) => {
  const [path] = (request.url ?? '/').split('?')

  // TODO: Give every visitor of /login a `session` cookie, and let /whoami report the value that
  // this request brought back.
  switch (`${request.method} ${path}`) {
    case 'GET /login':
      response.setHeader('Content-Type', 'text/html; charset=utf-8')
      response.end(`<!doctype html>
<html lang="en">
<title>Logged in</title>
<link rel="icon" href="data:,">
<p>You are logged in. <a href="/whoami">Who am I?</a></p>
</html>
`)
      break

    case 'GET /whoami':
      response.setHeader('Content-Type', 'application/json')
      response.end(JSON.stringify({ cookie: null }))
      break

    default:
      response.statusCode = 404
      response.end('Not found\n')
  }
})

server.listen(Number(process.env.PORT), '127.0.0.1')
