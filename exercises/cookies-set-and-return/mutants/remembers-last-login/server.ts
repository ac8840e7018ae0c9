// Misconception: the server knows who is asking, because it remembers who logged in.
import { randomUUID } from 'node:crypto'
import { createServer, type ServerResponse } from 'node:http'

const server = createServer((request, response) => {
  const [path] = (request.url ?? '/').split('?')

  switch (`${request.method} ${path}`) {
    case 'GET /login':
      return login(response)
    case 'GET /whoami':
      return whoami(response)
    default:
      response.statusCode = 404
      response.end('Not found\n')
  }
})

server.listen(Number(process.env.PORT), '127.0.0.1')

let session: string | null = null

function login(response: ServerResponse): void {
  // 122 random bits: nobody gets another visitor's session by trying values.
  session = randomUUID()
  // Without Path the browser would take the folder of this address. That is / today, until /login
  // moves to /account/login.
  response.setHeader('Set-Cookie', `session=${session}; Path=/`)
  response.setHeader('Content-Type', 'text/html; charset=utf-8')
  // A cache that kept this answer would hand the same session to the next visitor.
  response.setHeader('Cache-Control', 'no-store')
  response.end(`<!doctype html>
<html lang="en">
<title>Logged in</title>
<link rel="icon" href="data:,">
<p>You are logged in. <a href="/whoami">Who am I?</a></p>
</html>
`)
}

function whoami(response: ServerResponse): void {
  response.setHeader('Content-Type', 'application/json')
  // Two visitors get two answers at one address, so a cache must not keep either.
  response.setHeader('Cache-Control', 'no-store')
  response.end(JSON.stringify({ cookie: session }))
}
