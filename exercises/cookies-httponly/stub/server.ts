import { createServer } from 'node:http'

const server = createServer((request, response) => {
  const [path] = (request.url ?? '/').split('?')

  // TODO: Set `session` and `theme` in /login, know the session again in /me, and end it on both
  // sides in /logout.
  switch (`${request.method} ${path}`) {
    case 'GET /login':
      response.setHeader('Content-Type', 'text/html; charset=utf-8')
      response.end(page)
      break

    case 'GET /me':
      response.setHeader('Content-Type', 'application/json')
      response.end(JSON.stringify({ user }))
      break

    case 'POST /logout':
      response.statusCode = 204
      response.end()
      break

    default:
      response.statusCode = 404
      response.end('Not found\n')
  }
})

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
