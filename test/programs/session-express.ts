// A right solution of cookies-set-and-return with Express and cookie-parser, as most people would
// write it.
import { randomUUID } from 'node:crypto'
import cookieParser from 'cookie-parser'
import express from 'express'

const app = express()
app.use(cookieParser())

app.get('/login', (_request, response) => {
  response.cookie('session', randomUUID()).send('<p>You are logged in.</p>')
})

app.get('/whoami', (request, response) => {
  response.json({ cookie: request.cookies.session ?? null })
})

app.listen(Number(process.env.PORT), '127.0.0.1')
