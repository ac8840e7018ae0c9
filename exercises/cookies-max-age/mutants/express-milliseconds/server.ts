// Misconception: maxAge counts seconds, as Max-Age does.
import cookieParser from 'cookie-parser'
import express from 'express'
import { randomUUID } from 'node:crypto'

interface Ping {
  sent: boolean
  age: number
}

let startedAt = performance.now()
let pings: Ping[] = []

const app = express()
app.use(cookieParser())

app.get('/start', (request, response) => {
  startedAt = performance.now()
  pings = []
  response.cookie('token', randomUUID(), { maxAge: 10 })
  response.type('html').send(page)
})

app.get('/ping', (request, response) => {
  const seconds = (performance.now() - startedAt) / 1000
  const seen = { sent: request.cookies.token !== undefined, age: Math.round(seconds * 10) / 10 }
  pings.push(seen)
  response.set('Cache-Control', 'no-store').json(seen)
})

app.get('/timeline', (request, response) => {
  response.set('Cache-Control', 'no-store').json(pings)
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
