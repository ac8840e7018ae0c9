import { get } from 'node:http'
import { createServer, type Socket } from 'node:net'

createServer((socket) => {
  let head = ''
  socket.setEncoding('latin1')
  socket.on('error', () => socket.destroy())
  socket.on('data', (text) => {
    head += text
    if (!head.includes('\r\n\r\n')) return
    const [, target] = head.split(' ')
    head = ''
    if (target === '/') report(socket)
    else socket.end('HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n')
  })
}).listen(Number(process.env.PORT), '127.0.0.1')

/** Without a length and without chunks: the end of the connection is the end of the page. */
function report(socket: Socket): void {
  socket.write(
    'HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nConnection: close\r\n\r\n' +
      "<!doctype html>\n<link rel='icon' href='data:,'>\n<p id='shell' class='wide'>Counting</p>\n",
  )
  query((error, result) => {
    if (error) socket.end("<p id='error'>The report is missing.</p>\n")
    else socket.end(`<p id='data'>Result: ${result}</p>\n`)
  })
}

function query(then: (error: Error | null, result?: string) => void): void {
  const request = get(process.env.QUERY_URL ?? '', (response) => {
    let result = ''
    response.on('data', (part) => (result += part))
    response.on('end', () => {
      if (response.statusCode === 200) then(null, result)
      else then(new Error(`status ${response.statusCode}`))
    })
  })
  request.on('error', then)
}
