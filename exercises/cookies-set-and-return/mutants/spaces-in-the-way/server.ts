// Misconception: Cookies are separated by a semicolon and one space.
import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'

const server = createServer((request, response) => {
  const [path] = (request.url ?? '/').split('?')

  switch (`${request.method} ${path}`) {
    case 'GET /login':
      return login(response)
    case 'GET /whoami':
      return whoami(request, response)
    default:
      response.statusCode = 404
      response.end('Not found\n')
  }
})

server.listen(Number(process.env.PORT), '127.0.0.1')

function login(response: ServerResponse): void {
  // 122 random bits: nobody gets another visitor's session by trying values.
  const session = randomUUID()
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

function whoami(request: IncomingMessage, response: ServerResponse): void {
  // The request is the only witness: nothing kept from an earlier one says who is asking now.
  const cookie = readCookie(request.headers.cookie, 'session')
  response.setHeader('Content-Type', 'application/json')
  // Two visitors get two answers at one address, so a cache must not keep either.
  response.setHeader('Cache-Control', 'no-store')
  response.end(JSON.stringify({ cookie }))
}

/**
 * The value of the first cookie with exactly this name; null when there is none. An empty value is
 * a value.
 */
function readCookie(header: string | undefined, name: string): string | null {
  for (const pair of header?.split('; ') ?? []) {
    // Only the first = separates: a value may contain more of them, as padded base64 does.
    const equals = pair.indexOf('=')
    if (equals !== -1 && pair.slice(0, equals) === name) return pair.slice(equals + 1)
  }
  return null
}
