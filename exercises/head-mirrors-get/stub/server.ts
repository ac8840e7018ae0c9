import { createHash } from 'node:crypto'
import { createServer } from 'node:http'
import { setTimeout } from 'node:timers/promises'

const server = createServer(async (request, response) => {
  const [path] = (request.url ?? '/').split('?')

  // TODO: Answer HEAD as well: with the status and the fields of GET, without the content, and
  // without the time that the content takes.
  switch (`${request.method} ${path}`) {
    case 'GET /report': {
      const csv = report(Number(process.env.ROWS ?? 3))
      response.setHeader('Content-Type', 'text/csv; charset=utf-8')
      response.setHeader('ETag', versionOf(csv))
      response.end(csv)
      break
    }

    case 'GET /stream':
      response.setHeader('Content-Type', 'text/plain; charset=utf-8')
      for await (const line of lines()) response.write(line)
      response.end()
      break

    default:
      response.statusCode = 404
      response.end('Not found\n')
  }
})

server.listen(Number(process.env.PORT), '127.0.0.1')

// Given: the stock as CSV, one line for each item.
function report(rows: number): string {
  const items = Array.from(
    { length: rows },
    (_, index) => `item ${index + 1},${(index * 37) % 500}`,
  )
  return items.map((item) => `${item}\n`).join('')
}

// Given: a text that changes when the content does.
function versionOf(content: string): string {
  return `"${createHash('sha256').update(content).digest('hex').slice(0, 12)}"`
}

// Given: a stock count that is under way. Eight lines in two seconds.
async function* lines(): AsyncGenerator<string> {
  for (let shelf = 1; shelf <= 8; shelf++) {
    await setTimeout(250)
    yield `shelf ${shelf} is counted\n`
  }
}
