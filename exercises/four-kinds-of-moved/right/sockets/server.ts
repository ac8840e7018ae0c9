import { createServer } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'

createServer((socket) => {
  let received = ''
  socket.on('error', () => socket.destroy())
  socket.on('data', async (bytes: Buffer) => {
    received += bytes.toString('latin1')
    const end = received.indexOf('\r\n\r\n')
    if (end === -1) return
    const length = Number(/^content-length: *(\d+)/im.exec(received)?.[1] ?? 0)
    if (received.length < end + 4 + length) return
    const [method = '', target = ''] = received.split(' ')
    const [head, content] = answer(method, target)
    // The content of a redirect comes late, when the browser has left.
    socket.write(`HTTP/1.1 ${head}\r\nconnection: close\r\n\r\n`)
    await pause(20)
    for (const piece of content.match(/[^]{1,40}/g) ?? []) socket.write(piece)
    socket.end()
  })
}).listen(Number(process.env.PORT), '127.0.0.1')

function answer(method: string, target: string): [head: string, content: string] {
  const [, slug, query] = /^\/blog\/([^?]+)(.*)/.exec(target) ?? []
  if (slug) return [`301 Moved\r\nlocation: ../articles/${slug}${query}`, 'It has moved.']
  if (target === '/today') return [`302 Found\r\nlocation: editions/${process.env.DATE}`, 'Here.']
  if (target === '/checkout') return ['308 Moved\r\nlocation: orders', 'It has moved.']
  if (target === '/login') return ['303 See Other\r\nlocation: ./welcome', 'Welcome!']
  if (method === 'POST' && target !== '/orders') return ['404 Not Found', 'nothing here']
  return ['200 OK\r\ncontent-type: text/html', page(target)]
}

function page(target: string): string {
  return `<!doctype html><title>${target.length}</title>
<form method=POST action=login><input name=user><input name=password><input type=submit></form>
<form method=POST action=/checkout><input name=amount><textarea name=item></textarea>
<button>Buy</button></form>`
}
