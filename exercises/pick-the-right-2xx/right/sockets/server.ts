import { createServer } from 'node:net'
import { todoPage } from './todo-page.ts'

const todos: ({ id: number; text: string; done: boolean } | undefined)[] = []

const server = createServer((socket) => {
  let received = Buffer.alloc(0)
  socket.on('error', () => socket.destroy())
  socket.on('data', (bytes: Buffer) => {
    received = Buffer.concat([received, bytes])
    const end = received.indexOf('\r\n\r\n')
    if (end === -1) return
    const head = received.toString('latin1', 0, end)
    const length = Number(/^content-length: *(\d+)/im.exec(head)?.[1] ?? 0)
    if (received.length < end + 4 + length) return
    const [method = '', path = ''] = head.split(' ')
    const answer = answerTo(method, path, received.toString('utf8', end + 4))
    // A connection for each request, and bytes that come one after the other.
    const [first, ...rest] = answer
    socket.write(`HTTP/1.1 ${first}\r\n`)
    setTimeout(() => socket.end(rest.join('')), 5)
  })
})

function answerTo(method: string, path: string, content: string): string[] {
  const [, where, id, action] = path.split('/')
  const index = Number(id)
  const todo = todos[index]
  if (path === '/') return page(todoPage)
  if (where === 'todos' && id === undefined) {
    if (method === 'GET') return json(todos.filter(Boolean))
    todos.push({ id: todos.length, text: JSON.parse(content).text, done: false })
    // Beside /todos, this leads to /todos/0.
    return [`201 `, `location:todos/${todos.length - 1}\r\nconnection: close\r\n\r\n`, 'Made it.']
  }
  if (todo === undefined) return ['404 What?', 'Connection: close\r\n\r\n']
  if (method === 'GET') return json(todo)
  if (action === 'done') todos[index] = { ...todo, done: true }
  else todos[index] = undefined
  return ['204 No Content', 'Connection: close\r\n', 'X-Done: yes\r\n', '\r\n']
}

function page(html: string): string[] {
  return ['200 OK', 'content-type: text/html\r\nconnection: close\r\n\r\n', html]
}

function json(value: unknown): string[] {
  const text = JSON.stringify(value, null, 2)
  const size = Buffer.byteLength(text).toString(16)
  const fields = 'Content-Type: application/json\r\nTransfer-Encoding: chunked\r\nConnection: close'
  return ['200 Fine', `${fields}\r\n\r\n`, `${size}\r\n`, text, '\r\n0\r\n\r\n']
}

server.listen(Number(process.env.PORT), '127.0.0.1')
