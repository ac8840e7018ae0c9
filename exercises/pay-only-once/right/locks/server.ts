import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { charge, ledger, type Payment } from './bank.ts'
import { page } from './page.ts'

/** Does one thing after the other. */
class Queue {
  #last: Promise<unknown> = Promise.resolve()

  add<Result>(task: () => Promise<Result>): Promise<Result> {
    const result = this.#last.then(task)
    this.#last = result.catch(() => {})
    return result
  }
}

class Cashier {
  readonly #queue = new Queue()
  readonly #paid: { key: string; amount: number; answer: string }[] = []

  pay(key: string, amount: number): Promise<[status: number, answer: string]> {
    return this.#queue.add(async () => {
      const paid = this.#paid.find((each) => each.key === key)
      if (paid) return paid.amount === amount ? [201, paid.answer] : [422, '{}']
      const answer = asText(await charge(amount))
      this.#paid.push({ key, amount, answer })
      return [201, answer]
    })
  }
}

const cashier = new Cashier()

createServer((request, response) => {
  switch (`${request.method} ${request.url}`) {
    case 'GET /':
      response.setHeader('content-type', 'text/html')
      return response.end(page)
    case 'GET /ledger':
      return response.end(JSON.stringify(ledger(), null, 2))
    case 'POST /payments':
      return takePayment(request, response)
    default:
      response.statusCode = 404
      return response.end()
  }
}).listen(Number(process.env.PORT), '127.0.0.1')

function takePayment(request: IncomingMessage, response: ServerResponse): void {
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => chunks.push(chunk))
  request.on('end', async () => {
    const key = request.headersDistinct['idempotency-key']?.[0]
    if (key === undefined) return response.writeHead(400).end('Idempotency-Key?')
    const { amount } = JSON.parse(Buffer.concat(chunks).toString())
    try {
      const [status, answer] = await cashier.pay(key, amount)
      response.writeHead(status, { 'Content-Type': 'application/json; charset=UTF-8' })
      for (const character of answer) response.write(character)
      return response.end()
    } catch (error) {
      return response.writeHead(500).end(String(error))
    }
  })
}

function asText({ paymentId, amount }: Payment): string {
  return JSON.stringify({ createdAt: new Date(), amount, paymentId, currency: 'EUR' })
}
