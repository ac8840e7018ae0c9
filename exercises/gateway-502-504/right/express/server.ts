import { Agent, request as ask } from 'node:http'
import express, { type Request, type Response } from 'express'

const upstream = new URL(process.env.UPSTREAM!)
const agent = new Agent({ keepAlive: true, maxSockets: 50 })
const app = express()
app.disable('x-powered-by')

app.use((request: Request, response: Response) => {
  const headers = withoutHops(request.headersDistinct)
  headers['via'] = [[...(headers['via'] ?? []), '1.1 gw'].join(', ')]
  headers['x-forwarded-for'] = [
    [...(headers['x-forwarded-for'] ?? []), request.socket.remoteAddress].join(', '),
  ]
  const { host, ...others } = headers
  const forwarded = { ...others, host: upstream.host, 'x-forwarded-host': String(host) }
  let tooLate = false
  const asking = ask({
    agent,
    host: upstream.hostname,
    port: upstream.port,
    method: request.method,
    path: request.originalUrl,
    headers: forwarded,
  })
  const timer = setTimeout(() => {
    tooLate = true
    asking.destroy()
  }, Number(process.env.TIMEOUT_MS))
  asking.on('response', (answer) => {
    clearTimeout(timer)
    response.status(answer.statusCode!)
    for (const [name, values] of Object.entries(withoutHops(answer.headersDistinct)))
      response.setHeader(name, values.length === 1 ? values[0]! : values)
    answer.on('error', () => response.destroy())
    answer.pipe(response)
  })
  asking.on('error', () => {
    clearTimeout(timer)
    if (response.headersSent) return void response.destroy()
    const status = tooLate ? 504 : 502
    response.status(status).type('application/problem+json').json({ status, detail: 'Sorry.' })
  })
  response.on('close', () => {
    if (!response.writableFinished) asking.destroy()
  })
  request.pipe(asking)
})

app.listen(Number(process.env.PORT), '127.0.0.1')

function withoutHops(distinct: NodeJS.Dict<string[]>): Record<string, string[]> {
  const named = (distinct['connection'] ?? [])
    .join(',')
    .toLowerCase()
    .split(/\s*,\s*/)
  const hops = [
    'connection',
    'keep-alive',
    'proxy-connection',
    'te',
    'trailer',
    'upgrade',
    ...named,
  ]
  return Object.fromEntries(
    Object.entries(distinct).flatMap(([name, values]) =>
      hops.includes(name) || values === undefined ? [] : [[name, values]],
    ),
  )
}
