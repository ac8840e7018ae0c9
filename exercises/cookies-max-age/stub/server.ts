import { createServer } from 'node:http'

const server = createServer((request, response) => {
  const [path] = (request.url ?? '/').split('?')

  // TODO: Let the browser forget `token` ten seconds after /start, and let /ping and /timeline tell
  // what really arrived.
  switch (`${request.method} ${path}`) {
    case 'GET /start':
      response.setHeader('Content-Type', 'text/html; charset=utf-8')
      response.end(page)
      break

    case 'GET /ping':
      response.setHeader('Content-Type', 'application/json')
      response.end(JSON.stringify({ sent: false, age: 0 }))
      break

    case 'GET /timeline':
      response.setHeader('Content-Type', 'application/json')
      response.end(JSON.stringify([]))
      break

    default:
      response.statusCode = 404
      response.end('Not found\n')
  }
})

// Given: asks /ping once per second for 15 seconds and shows a row for each answer.
const page = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Ten seconds to live</title>
<link rel="icon" href="data:,">
<h1>Ten seconds to live</h1>
<table>
  <thead><tr><th>Asked at second</th><th>Your server says</th></tr></thead>
  <tbody></tbody>
</table>
<script>
  const rows = document.querySelector('tbody')
  let second = 0

  async function ask(cell) {
    const answer = await fetch('/ping', { cache: 'no-store' })
    const { sent, age } = await answer.json()
    cell.textContent = (sent ? 'cookie sent' : 'no cookie') + ' at ' + age + ' s'
  }

  const timer = setInterval(() => {
    second += 1
    if (second === 15) clearInterval(timer)
    const row = rows.insertRow()
    row.insertCell().textContent = second
    const cell = row.insertCell()
    ask(cell).catch(() => { cell.textContent = 'no usable answer' })
  }, 1000)
</script>
</html>
`

server.listen(Number(process.env.PORT), '127.0.0.1')
