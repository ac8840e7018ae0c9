import { createServer } from 'node:net'

let began = 0
let list: { sent: boolean; age: number }[] = []

const server = createServer((socket) => {
  let received = ''
  socket.on('error', () => socket.destroy())
  socket.on('data', (bytes) => {
    received += bytes.toString('latin1')
    const end = received.indexOf('\r\n\r\n')
    if (end === -1) return
    const [requestLine = '', ...fields] = received.slice(0, end).split('\r\n')
    socket.end(answer(requestLine, fields))
  })
})

function answer(requestLine: string, fields: string[]): string {
  if (/^GET \/start[ ?]/.test(requestLine)) {
    began = performance.now()
    list = []
    return message('200 OK', 'text/html; charset=utf-8', page, [
      'Set-Cookie: token=t; Max-Age=10; Path=/',
    ])
  }
  if (/^GET \/ping[ ?]/.test(requestLine)) {
    const cookies = fields.filter((line) => /^cookie:/i.test(line)).map((line) => line.slice(7))
    const names = cookies
      .flatMap((line) => line.split(';'))
      .map((pair) => pair.split('=')[0]?.trim())
    const age = Math.round((performance.now() - began) / 100) / 10
    const entry = { age, sent: names.includes('token') }
    list = [...list, entry]
    return message('200 OK', 'application/json', JSON.stringify(entry))
  }
  if (/^GET \/timeline[ ?]/.test(requestLine))
    return message('200 OK', 'application/json', JSON.stringify(list))
  return message('404 Not Found', 'text/plain', 'Nothing here\n')
}

function message(status: string, type: string, body: string, fields: string[] = []): string {
  const length = `Content-Length: ${Buffer.byteLength(body)}`
  const head = [
    `HTTP/1.1 ${status}`,
    `Content-Type: ${type}`,
    length,
    'Connection: close',
    ...fields,
  ]
  return `${head.join('\r\n')}\r\n\r\n${body}`
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

server.listen(Number(process.env.PORT), '127.0.0.1')
