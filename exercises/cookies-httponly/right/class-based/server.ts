import { randomUUID } from 'node:crypto'
import http from 'node:http'

class Sessions {
  readonly #living = new Set<string>()

  begin(): string {
    const id = randomUUID()
    this.#living.add(id)
    return id
  }

  has(request: http.IncomingMessage): boolean {
    return this.#idsOf(request).some((id) => this.#living.has(id))
  }

  end(request: http.IncomingMessage): void {
    for (const id of this.#idsOf(request)) this.#living.delete(id)
  }

  #idsOf({ headers }: http.IncomingMessage): string[] {
    const pairs = (headers.cookie ?? '').split(/ *; */)
    return pairs.filter((pair) => pair.startsWith('session=')).map((pair) => pair.slice(8))
  }
}

const sessions = new Sessions()

async function handle(request: http.IncomingMessage, response: http.ServerResponse) {
  switch (`${request.method} ${request.url?.replace(/\?.*/, '')}`) {
    case 'GET /login':
      response.appendHeader('set-cookie', 'theme=dark')
      response.appendHeader(
        'set-cookie',
        `session=${sessions.begin()}; samesite=Lax; path=/; httponly; max-age=86400`,
      )
      return response.writeHead(200, { 'content-type': 'text/html' }).end(page)
    case 'GET /me':
      if (!sessions.has(request)) return response.writeHead(401).end('Please log in.')
      return response
        .writeHead(200, { 'content-type': 'application/json' })
        .end(`{"user":"${user}"}`)
    case 'POST /logout':
      sessions.end(request)
      response.setHeader(
        'set-cookie',
        'session=gone; path=/; expires=Thu, 01 Jan 1970 00:00:00 GMT',
      )
      return response.writeHead(204).end()
    default:
      return response.writeHead(404).end()
  }
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

http.createServer(handle).listen(Number(process.env.PORT), '127.0.0.1')
