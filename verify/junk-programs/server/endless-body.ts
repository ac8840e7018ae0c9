// Begins an answer that never ends: more than a recording keeps, then a line now and then.
import { createServer } from 'node:http'

const line = `${'all work and no play '.repeat(200)}\n`
const LINES_AT_ONCE = 500

createServer((_request, response) => {
  response.writeHead(200, { 'Content-Type': 'text/plain' })
  response.write(line.repeat(LINES_AT_ONCE))
  const more = setInterval(() => response.write(line), 50)
  response.once('close', () => clearInterval(more))
}).listen(Number(process.env.PORT), '127.0.0.1')
