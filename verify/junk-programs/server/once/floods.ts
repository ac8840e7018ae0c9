// Answers faster than anyone reads, without an end.
import { createServer } from 'node:http'

const line = `${'all work and no play '.repeat(200)}\n`

createServer((_request, response) => {
  response.writeHead(200, { 'Content-Type': 'text/plain' })
  const more = () => {
    while (!response.destroyed && response.write(line));
  }
  response.on('drain', more)
  more()
}).listen(Number(process.env.PORT), '127.0.0.1')
