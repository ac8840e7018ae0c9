// Listens on a port of its own choice.
import { createServer } from 'node:http'

createServer((_request, response) => response.end('hello')).listen(0, '127.0.0.1')
