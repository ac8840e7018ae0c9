import { randomBytes } from 'node:crypto'
import { createServer } from 'node:net'

/** Random part to user; an id is `v1.` and the random part. */
const living = new Map<string, string>()

const server = createServer((socket) => {
  let received = ''
  socket.setEncoding('latin1')
  socket.on('error', () => socket.destroy())
  socket.on('data', (piece: string) => {
    received += piece
    if (received.includes('\r\n\r\n')) socket.end(answer(received))
  })
})

function answer(request: string): string {
  const [requestLine = ''] = request.split(' HTTP/1.', 1)
  const [, cookies = ''] = /\r\ncookie:([^\r]*)/i.exec(request) ?? []
  const [, key = ''] = /(?:^|;) *session=v1\.(\w+) *(?:;|$)/.exec(cookies) ?? []
  if (requestLine === 'GET /login') {
    const fresh = randomBytes(20).toString('hex')
    living.set(fresh, user)
    const session = `Set-Cookie: session=v1.${fresh}; HttpOnly; Path=/; SameSite=lax`
    return message(
      '200 OK',
      page,
      'Content-Type: text/html',
      session,
      'Set-Cookie: theme=dark; Path=/',
    )
  }
  if (requestLine === 'GET /me') {
    const name = living.get(key)
    if (name === undefined) return message('401 Unauthorized', '{}')
    return message('200 OK', JSON.stringify({ user: name }), 'Content-Type: application/json')
  }
  if (requestLine === 'POST /logout') {
    living.delete(key)
    return 'HTTP/1.1 204 No Content\r\nSet-Cookie: session=; Max-Age=-1; Path=/\r\nConnection: close\r\n\r\n'
  }
  return message('404 Not Found', '')
}

function message(status: string, content: string, ...fields: string[]): string {
  const length = `Content-Length: ${Buffer.byteLength(content)}`
  const head = [`HTTP/1.1 ${status}`, ...fields, length, 'Connection: close']
  return `${head.join('\r\n')}\r\n\r\n${content}`
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
