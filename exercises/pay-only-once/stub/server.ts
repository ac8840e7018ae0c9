import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import { charge, ledger } from './bank.ts'
import { page } from './page.ts'

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

// TODO: However often a payment comes with the same key, it may be charged only once.
async function pay(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { amount } = JSON.parse(await text(request))
  try {
    answer(response, 201, await charge(amount))
  } catch {
    answer(response, 502, { error: 'Nothing was charged.' })
  }
}

function answer(response: ServerResponse, status: number, content: unknown): void {
  response.writeHead(status, { 'Content-Type': 'application/json' })
  response.end(JSON.stringify(content))
}

server.listen(Number(process.env.PORT), '127.0.0.1')
