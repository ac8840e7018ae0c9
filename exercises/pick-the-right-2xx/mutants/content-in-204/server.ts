// Misconception: 204 is 200 with another number.
import { createServer } from 'node:net'
import { todoPage } from './todo-page.ts'

interface Todo {
  id: number
  text: string
  done: boolean
}

const todos = new Map<number, Todo>()
let lastId = 0

const server = createServer((socket) => {
  let received = Buffer.alloc(0)
  socket.on('error', () => socket.destroy())
  socket.on('data', (bytes: Buffer) => {
    received = Buffer.concat([received, bytes])
    for (;;) {
      const end = received.indexOf('\r\n\r\n')
      if (end === -1) return
      const head = received.toString('latin1', 0, end)
      const length = Number(/^content-length: *(\d+)/im.exec(head)?.[1] ?? 0)
      const next = end + 4 + length
      if (received.length < next) return
      const [method = '', path = ''] = head.split(' ')
      socket.write(answer(method, path, received.toString('utf8', end + 4, next)))
      received = received.subarray(next)
    }
  })
})

function answer(method: string, path: string, content: string): string {
  const [, id, action] = /^\/todos\/(\d+)(\/done)?$/.exec(path) ?? []
  const todo = todos.get(Number(id))
  if (path === '/') return send('200 OK', todoPage, 'Content-Type: text/html\r\n')
  if (path === '/todos') {
    if (method === 'GET') return send('200 OK', JSON.stringify([...todos.values()]))
    lastId += 1
    todos.set(lastId, { id: lastId, text: JSON.parse(content).text, done: false })
    return send('201 Created', '', `Location: /todos/${lastId}\r\n`)
  }
  if (todo === undefined) return send('404 Not Found', '')
  if (method === 'GET') return send('200 OK', JSON.stringify(todo))
  if (action) todo.done = true
  else todos.delete(todo.id)
  return 'HTTP/1.1 204 No Content\r\n\r\n{"ok":true}'
}

function send(status: string, content: string, fields = ''): string {
  const length = Buffer.byteLength(content)
  return `HTTP/1.1 ${status}\r\n${fields}Content-Length: ${length}\r\n\r\n${content}`
}

server.listen(Number(process.env.PORT), '127.0.0.1')
