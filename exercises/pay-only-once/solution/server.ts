import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import { charge, ledger, type Payment } from './bank.ts'
import { page } from './page.ts'

interface Known {
  readonly amount: number
  readonly outcome: Promise<Payment>
}

const knownByKey = new Map<string, Known>()

const server = createServer((request, response) => {
  if (request.method === 'POST' && request.url === '/payments') {
    pay(request, response).catch(() =>
      answer(response, 400, { error: 'Send JSON with an amount.' }),
    )
  } else if (request.url === '/ledger') {
    answer(response, 200, ledger())
  } else if (request.url === '/') {
    response.setHeader('Content-Type', 'text/html; charset=utf-8')
    response.end(page)
  } else {
    answer(response, 404, { error: 'There is nothing at this address.' })
  }
})

async function pay(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { amount } = JSON.parse(await text(request))
  const key = request.headers['idempotency-key']
  if (typeof key !== 'string') return answer(response, 400, { error: 'Send an Idempotency-Key.' })

  const known = knownByKey.get(key) ?? begin(key, amount)
  if (known.amount !== amount)
    return answer(response, 422, { error: 'This key belongs to another payment.' })
  try {
    answer(response, 201, await known.outcome)
  } catch {
    answer(response, 502, { error: 'Nothing was charged.' })
  }
}

/** The key is known from here on, while the charge still goes on: a copy waits for the same one. */
function begin(key: string, amount: number): Known {
  const outcome = charge(amount)
  const known = { amount, outcome }
  knownByKey.set(key, known)
  // Nothing was charged, so the same key may try again.
  outcome.catch(() => knownByKey.delete(key))
  return known
}

function answer(response: ServerResponse, status: number, content: unknown): void {
  response.writeHead(status, { 'Content-Type': 'application/json' })
  response.end(JSON.stringify(content))
}

server.listen(Number(process.env.PORT), '127.0.0.1')
