import { randomBytes } from 'node:crypto'
import express, { type ErrorRequestHandler, type RequestHandler } from 'express'
import { actions } from './actions.ts'

const app = express()

const limit: RequestHandler = (_, response, next) => {
  const timer = setTimeout(() => {
    if (response.headersSent) return
    const later = new Date(Date.now() + 10_000).toUTCString()
    response.status(503).set('Retry-After', later).json({ error: 'Too slow.' })
  }, Number(process.env.LIMIT_MS))
  response.on('close', () => clearTimeout(timer))
  next()
}

const failed: ErrorRequestHandler = (error, request, response, next) => {
  const id = randomBytes(8).toString('hex')
  const { stack } = error
  console.error(JSON.stringify({ level: 'error', id, path: request.path, stack }))
  // Express ends the connection itself when the head has left.
  if (response.headersSent) return next(error)
  response.status(500).type('application/problem+json')
  response.send(JSON.stringify({ type: 'about:blank', detail: 'Sorry.', instance: `/e/${id}` }))
}

app.use(limit)
for (const [path, action] of Object.entries(actions)) app.get(path, action)
app.use(failed)
app.listen(Number(process.env.PORT), '127.0.0.1')
