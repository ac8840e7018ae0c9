// One number for each key, as GCRA has it: the time at which its bucket will be full.
import express, { type NextFunction, type Request, type Response } from 'express'

const limit = Number(process.env.LIMIT)
const period = Number(process.env.PERIOD_MS)
const interval = period / limit
const fullAt = new Map<string, number>()

const app = express()

app.post('/orders', needsKey, limited, (_request, response) => {
  response.status(201).json({ ordered: true })
})

app.get('/stats', (_request, response) => {
  const now = Date.now()
  for (const [key, time] of fullAt) if (time <= now) fullAt.delete(key)
  response.json({ keys: fullAt.size, since: process.uptime() })
})

app.listen(Number(process.env.PORT), '127.0.0.1')

function needsKey(request: Request, response: Response, next: NextFunction): void {
  const [scheme = '', key] = (request.get('Authorization') ?? '').split(' ')
  if (scheme.toLowerCase() === 'bearer' && key) {
    response.locals.key = key
    return next()
  }
  response.set('WWW-Authenticate', 'Bearer realm="orders"').status(401).json({ error: 'no key' })
}

function limited(_request: Request, response: Response, next: NextFunction): void {
  const now = Date.now()
  const { key } = response.locals
  const full = Math.max(now, fullAt.get(key) ?? now) + interval
  const early = full - period - now
  if (early <= 0) {
    fullAt.set(key, full)
    return next()
  }
  const seconds = Math.floor(early / 1000) + 1
  const problem = { type: 'about:blank', title: 'Too Many Requests', status: 429, detail: key }
  response.status(429).set('retry-after', String(seconds)).type('application/problem+json')
  response.send(JSON.stringify(problem))
}
