// Misconception: A function that is called gives its result at once.
import { createServer, type ServerResponse } from 'node:http'

const server = createServer(async (request, response) => {
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
  // From here on the status is settled: it leaves with these bytes.
  response.write(`<!doctype html>
<html lang="en">
<title>Report</title>
<link rel="icon" href="data:,">
<p id="shell">The report is being computed.</p>
`)
  try {
    response.write(`<p id="data">${slowQuery()}</p>\n`)
  } catch {
    // Not for the log alone: the page is the only thing left that can tell its reader.
    response.write('<p id="error">The report could not be computed. Try again in a minute.</p>\n')
  }
  response.end('</html>\n')
}

/** The result of the query. Rejects when there is none. */
async function slowQuery(): Promise<string> {
  const answer = await fetch(process.env.QUERY_URL ?? 'http://127.0.0.1:9/')
  if (!answer.ok) throw new Error(`the query failed with status ${answer.status}`)
  return answer.text()
}
