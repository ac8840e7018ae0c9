// Misconception: Who asks knows what to ask for.
import { createServer } from 'node:http'

const COINS: [letters: string, worth: number][] = [
  ['M', 1000],
  ['CM', 900],
  ['D', 500],
  ['CD', 400],
  ['C', 100],
  ['XC', 90],
  ['L', 50],
  ['XL', 40],
  ['X', 10],
  ['IX', 9],
  ['V', 5],
  ['IV', 4],
  ['I', 1],
]

const server = createServer((request, response) => {
  const url = new URL(request.url ?? '/', 'http://localhost')
  const respond = (status: number, body: unknown) => {
    response.writeHead(status, { 'Content-Type': 'application/json' })
    response.end(JSON.stringify(body))
  }
  if (request.method !== 'GET' || url.pathname !== '/roman')
    return respond(404, { error: 'not found' })

  const asked = url.searchParams.get('number') ?? ''
  respond(200, { roman: roman(Number(asked)) })
})

function roman(number: number): string {
  let rest = number
  let letters = ''
  for (const [coin, worth] of COINS) {
    while (rest >= worth) {
      letters += coin
      rest -= worth
    }
  }
  return letters
}

server.listen(Number(process.env.PORT), '127.0.0.1')
