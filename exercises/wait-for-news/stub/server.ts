import { createServer } from 'node:http'

const page = `<!doctype html>
<html lang="en">
<title>News</title>
<link rel="icon" href="data:,">
<h1>News</h1>
<ol id="news"></ol>
<script type="module">
  const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms))
  let after = 0
  for (;;) {
    const response = await fetch('/news?after=' + after, { cache: 'no-store' }).catch(() => null)
    if (response?.status === 200) {
      const { n, text } = await response.json()
      after = n
      const item = document.createElement('li')
      item.textContent = text
      document.querySelector('#news').append(item)
    } else {
      await pause(100)
    }
  }
</script>
</html>
`

const server = createServer((request, response) => {
  const url = new URL(request.url ?? '/', 'http://localhost')

  switch (`${request.method} ${url.pathname}`) {
    case 'GET /':
      response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' })
      response.end(page)
      break

    // TODO: Take items in, give them out by their numbers, and let those wait who are early.
    case 'POST /news':
    case 'GET /news':
      response.statusCode = 501
      response.end('There is no news yet.\n')
      break

    default:
      response.statusCode = 404
      response.end('Not found\n')
  }
})

server.listen(Number(process.env.PORT), '127.0.0.1')
