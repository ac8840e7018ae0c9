import compression from 'compression'
import express from 'express'

let css = process.env.CSS
let changedAt = new Date()

const app = express()
app.use(compression({ threshold: 0 }))
app.use(express.text({ type: '*/*' }))

app.get('/', (_request, response) => {
  response.send('<!doctype html><title>Shop</title><link rel=stylesheet href=style.css><p>Hello')
})

// The tag is the weak one that Express makes, and so is the 304.
app.get('/style.css', (_request, response) => {
  response.set('Cache-Control', 'public, no-cache').set('Last-Modified', changedAt.toUTCString())
  response.type('css').send(css)
})

app.put('/style.css', (request, response) => {
  const generate = app.get('etag fn') as (body: string, encoding: string) => string
  const current = generate(css ?? '', 'utf-8').replace('W/', '')
  const condition = request.get('If-None-Match') ?? ''
  if (condition === '*' || condition.includes(current)) return void response.sendStatus(412)
  css = request.body
  changedAt = new Date()
  response.sendStatus(204)
})

app.listen(Number(process.env.PORT), '127.0.0.1')
