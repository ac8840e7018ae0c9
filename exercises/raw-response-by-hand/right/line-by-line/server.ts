import { createServer } from 'node:net'
import { createInterface } from 'node:readline'

const CRLF = '\r\n'

const server = createServer((socket) => {
  let requestLine: string | undefined
  const lines = createInterface({ input: socket })
  lines.on('line', (line) => {
    if (requestLine === undefined) requestLine = line
    if (line !== '') return
    lines.close()
    // Says nothing in Connection, and ends the connection after its only answer.
    socket.end(answerTo(requestLine))
  })
  socket.on('error', console.warn)
})

server.listen({ port: Number(process.env.PORT), host: '127.0.0.1' })

function answerTo(requestLine: string): Buffer {
  const target = requestLine.split(' ')[1]
  if (target === '/') {
    const html = `<html>${CRLF}<body>${CRLF}<p>\n  ${process.env['MESSAGE']}\n</p></body></html>${CRLF}`
    return response('200 Fine', 'Text/HTML;charset="UTF-8"', Buffer.from(html))
  }
  return response('404 Nowhere', 'text/plain', Buffer.from('?'))
}

function response(status: string, type: string, content: Buffer): Buffer {
  const head =
    `HTTP/1.1 ${status}${CRLF}` +
    `Server: by hand${CRLF}` +
    `CONTENT-TYPE: ${type}${CRLF}` +
    `CONTENT-LENGTH:${content.byteLength}${CRLF}` +
    CRLF
  return Buffer.concat([Buffer.from(head, 'ascii'), content])
}
