import http from 'node:http'

class Visit {
  #began = process.hrtime.bigint()
  readonly pings: { sent: boolean; age: number }[] = []

  ping(sent: boolean) {
    const tenths = (process.hrtime.bigint() - this.#began) / 100_000_000n
    const entry = { sent, age: Number(tenths) / 10 }
    this.pings.push(entry)
    return entry
  }
}

let current = new Visit()

const routes: Record<
  string,
  (request: http.IncomingMessage) => [http.OutgoingHttpHeaders, string]
> = {
  '/start'() {
    current = new Visit()
    const headers = {
      'set-cookie': 'token=anything; path=/; max-age=10',
      'content-type': 'text/html',
    }
    return [headers, page]
  },
  '/ping': ({ headers }) => asJson(current.ping(/(^|; *)token=/.test(headers.cookie ?? ''))),
  '/timeline': () => asJson(current.pings),
}

function asJson(value: unknown): [http.OutgoingHttpHeaders, string] {
  return [{ 'content-type': 'application/json' }, JSON.stringify(value)]
}

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

http
  .createServer((request, response) => {
    const { pathname } = new URL(`http://localhost${request.url}`)
    const route = request.method === 'GET' ? routes[pathname] : undefined
    if (!route) return response.writeHead(404).end()
    const [headers, content] = route(request)
    return response.writeHead(200, headers).end(content)
  })
  .listen(Number(process.env.PORT), '127.0.0.1')
