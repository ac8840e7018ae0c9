import cookieParser from 'cookie-parser'
import { randomBytes } from 'node:crypto'
import express from 'express'

const app = express()
app.use(cookieParser())
app.set('etag', false)

let visit = { began: Date.now(), pings: [] as { sent: boolean; age: number }[] }

app.get('/start', (request, response) => {
  visit = { began: Date.now(), pings: [] }
  // Express counts maxAge in milliseconds and writes Max-Age in seconds.
  response.cookie('token', randomBytes(12).toString('base64url'), { maxAge: 10_000 })
  response.type('html').send(page)
})

app.get('/ping', ({ cookies }, response) => {
  const age = Number(((Date.now() - visit.began) / 1000).toFixed(1))
  const entry = { sent: 'token' in cookies, age }
  visit.pings.push(entry)
  response.json(entry)
})

app.get('/timeline', (request, response) => {
  response.json(visit.pings)
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

app.listen(Number(process.env.PORT), '127.0.0.1')
