// Misconception: a page that is to be there early has to ask for its data itself.
import { createServer, type ServerResponse } from 'node:http'

const server = createServer(async (request, response) => {
  if (request.url === '/data') return data(response)
  if (request.url !== '/') {
    response.statusCode = 404
    response.end('Not found\n')
    return
  }
  await report(response)
})

server.listen(Number(process.env.PORT), '127.0.0.1')

async function report(response: ServerResponse): Promise<void> {
  response.setHeader('Content-Type', 'text/html; charset=utf-8')
  response.end(`<!doctype html>
<html lang="en">
<title>Report</title>
<link rel="icon" href="data:,">
<p id="shell">The report is being computed.</p>
<p id="data"></p>
<script type="module">
  const answer = await fetch('/data')
  document.querySelector('#data').textContent = answer.ok ? await answer.text() : ''
  if (!answer.ok) document.querySelector('#data').id = 'error'
</script>
</html>
`)
}

async function data(response: ServerResponse): Promise<void> {
  try {
    response.end(await slowQuery())
  } catch {
    response.statusCode = 502
    response.end()
  }
}

/** The result of the query. Rejects when there is none. */
async function slowQuery(): Promise<string> {
  const answer = await fetch(process.env.QUERY_URL ?? 'http://127.0.0.1:9/')
  if (!answer.ok) throw new Error(`the query failed with status ${answer.status}`)
  return answer.text()
}
