// Misconception: several cookies can share a Set-Cookie field, separated by commas as in other list
// fields.
import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'

/** Session id to user. The cookie is only the key to this table. */
const sessions = new Map<string, string>()

const server = createServer((request, response) => {
  const [path] = (request.url ?? '/').split('?')
  // Every answer here is one visitor's own: a cache that kept it would hand it to the next.
  response.setHeader('Cache-Control', 'no-store')

  switch (`${request.method} ${path}`) {
    case 'GET /login':
      return login(request, response)
    case 'GET /me':
      return me(request, response)
    case 'POST /logout':
      return logout(request, response)
    default:
      response.statusCode = 404
      response.end('Not found\n')
  }
})

function login(request: IncomingMessage, response: ServerResponse): void {
  // A new id at every login, and the old one ends: an id that somebody planted or copied earlier
  // must not become a key.
  sessions.delete(sessionId(request))
  const id = randomUUID()
  sessions.set(id, user)

  const cookies = [
    `session=${id}; HttpOnly; SameSite=Lax; Path=/`,
    'theme=dark; SameSite=Lax; Path=/',
  ]
  response.setHeader('Set-Cookie', cookies.join(', '))
  response.setHeader('Content-Type', 'text/html; charset=utf-8')
  response.end(page)
}

function me(request: IncomingMessage, response: ServerResponse): void {
  const name = sessions.get(sessionId(request))
  response.setHeader('Content-Type', 'application/json')
  if (name === undefined) {
    response.statusCode = 401
    // A 401 has to name a way to authenticate. None is registered for cookies, and browsers pass
    // over names they do not know.
    response.setHeader('WWW-Authenticate', 'Cookie')
    response.end(JSON.stringify({ error: 'You are not logged in.' }))
    return
  }
  response.end(JSON.stringify({ user: name }))
}

function logout(request: IncomingMessage, response: ServerResponse): void {
  // Ours first: deleting the browser's copy does nothing about copies made elsewhere.
  sessions.delete(sessionId(request))
  // Name, Domain and Path have to be those it was set with, or the browser looks for another
  // cookie.
  response.setHeader('Set-Cookie', 'session=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax')
  response.statusCode = 204
  response.end()
}

/**
 * The session id this request carries; the empty string, which is never a key, when it carries
 * none.
 */
function sessionId(request: IncomingMessage): string {
  for (const pair of request.headers.cookie?.split(';') ?? []) {
    const equals = pair.indexOf('=')
    if (equals !== -1 && pair.slice(0, equals).trim() === 'session')
      return pair.slice(equals + 1).trim()
  }
  return ''
}

// Given: there are no passwords here, and /login lets everybody in as the same person.
const user = 'ada'

// Given: shows what document.cookie says, with a button for /me and one for /logout.
const page = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>What a script can see</title>
<link rel="icon" href="data:,">
<h1>What a script can see</h1>
<p>document.cookie says: <code id="cookies"></code></p>
<p>
  <button data-method="GET" data-path="/me">Who am I?</button>
  <button data-method="POST" data-path="/logout">Log out</button>
</p>
<p>The server says: <code id="answer">nothing yet</code></p>
<script>
  const show = () => { document.querySelector('#cookies').textContent = document.cookie || '(nothing)' }
  show()

  for (const button of document.querySelectorAll('button')) {
    button.onclick = async () => {
      const answer = await fetch(button.dataset.path, { method: button.dataset.method })
      document.querySelector('#answer').textContent = answer.status + ' ' + (await answer.text())
      show()
    }
  }
</script>
</html>
`

server.listen(Number(process.env.PORT), '127.0.0.1')
