import express from 'express'
import { setTimeout } from 'node:timers/promises'

const app = express()

app.use((request, response, next) => {
  // Another one in every answer.
  response.set('X-Request-Id', crypto.randomUUID())
  next()
})

// Express calls this for HEAD, too, and counts the content before it drops it.
app.get('/report', (request, response) => {
  const rows = Number(process.env.ROWS)
  const lines = Array.from({ length: rows }, (_, index) => `Lampe № ${index},${index * index}`)
  response.type('csv').send(lines.join('\r\n'))
})

app.head('/stream', (request, response) => {
  response.type('txt').end()
})

app.get('/stream', async (request, response) => {
  response.type('txt')
  for (let second = 1; second <= 2; second++) {
    await setTimeout(1000)
    response.write(`second ${second}\n`)
  }
  response.end()
})

app.listen(Number(process.env.PORT), '127.0.0.1')
