import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { setTimeout } from 'node:timers/promises'
import { actions } from './actions.ts'

const TOO_SLOW = Symbol('too slow')
const server = createServer().listen(Number(process.env.PORT), '127.0.0.1')

server.on('request', async (request, response) => {
  const action = actions[request.url!.replace(/\?.*/, '')]
  if (!action) return response.writeHead(404).end()
  const over = new AbortController()
  const { signal } = over
  const slow = setTimeout(+process.env.LIMIT_MS!, TOO_SLOW, { signal }).catch(() => {})
  const [outcome] = await Promise.allSettled([
    Promise.race([(async () => action(request, response))(), slow]),
  ])
  over.abort()
  if (outcome.status === 'fulfilled') {
    if (outcome.value === TOO_SLOW && !response.headersSent)
      response.writeHead(503, 'Busy', ['RETRY-AFTER', '120']).end()
    return
  }
  const instance = randomUUID()
  console.error('Failure', { instance, when: new Date(), reason: outcome.reason })
  if (response.headersSent) return response.socket?.destroy()
  // A slow logger: the answer comes late and in pieces.
  await setTimeout(30)
  response.writeHead(500, { 'Content-Type': 'application/problem+json' })
  const [one, two] = [`{"instance":`, `${JSON.stringify(instance)}}`]
  if (!response.write(one)) await once(response, 'drain')
  return response.end(two)
})
