import { createHash } from 'node:crypto'
import { createServer } from 'node:http'
import { setTimeout } from 'node:timers/promises'

const server = createServer(async (request, response) => {
  const [path] = (request.url ?? '/').split('?')

  const isHead = request.method === 'HEAD'

  // One switch for both methods: what GET knows, HEAD knows, and nothing else.
  switch (`${isHead ? 'GET' : request.method} ${path}`) {
    case 'GET /report': {
      const csv = report(Number(process.env.ROWS ?? 3))
      response.setHeader('Content-Type', 'text/csv; charset=utf-8')
      response.setHeader('ETag', versionOf(csv))
      // Node counts what it sends. After HEAD it sends nothing, so it would name no length.
      response.setHeader('Content-Length', Buffer.byteLength(csv))
      response.end(isHead ? undefined : csv)
      break
    }

    case 'GET /stream':
      response.setHeader('Content-Type', 'text/plain; charset=utf-8')
      // The fields are known at once. Nobody receives the lines, so nobody has to wait for them.
      if (!isHead) for await (const line of lines()) response.write(line)
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
