import { createServer } from 'node:http'

createServer((_request, response) => {
  response.writeHead(200, { 'Content-Type': 'text/html', 'Set-Cookie': 'trial=kept' })
  response.end('<!doctype html><title>Trial</title><p>In a box</p>')
}).listen(Number(process.env.PORT), '127.0.0.1')
