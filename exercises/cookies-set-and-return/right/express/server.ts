import cookieParser from 'cookie-parser'
import { randomBytes } from 'node:crypto'
import express from 'express'

const app = express()
app.use(cookieParser())

app.get('/login', (request, response) => {
  response.cookie('session', randomBytes(24).toString('base64'), { httpOnly: true })
  response.send('<!doctype html><title>Welcome</title><h1>Welcome</h1>')
})

app.get('/whoami', (request, response) => {
  response.json({ cookie: request.cookies.session ?? null })
})

app.listen(Number(process.env.PORT), '127.0.0.1')
