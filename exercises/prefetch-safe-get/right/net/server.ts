import { createServer } from 'node:net'

const gone: string[] = []
const all = String(process.env.ITEMS).split(',')

const server = createServer((socket) => {
  let received = ''
  socket.on('error', () => socket.destroy())
  socket.on('data', (bytes) => {
    received += bytes.toString('latin1')
    const end = received.indexOf('\r\n\r\n')
    if (end === -1) return
    const length = Number(/^content-length: *(\d+)/im.exec(received)?.[1] ?? 0)
    if (received.length < end + 4 + length) return
    const [method = '', target = ''] = received.split(' ')
    const host = /^host: *(.+)$/im.exec(received)?.[1]?.trim() ?? ''
    const [head, content] = answer(method, target, host)
    const fields = `Content-Length: ${content.length}\r\nConnection: close`
    socket.end(`HTTP/1.1 ${head}\r\n${fields}\r\n\r\n${method === 'HEAD' ? '' : content}`)
  })
})

function answer(method: string, target: string, host: string): [string, string] {
  const left = all.filter((name) => !gone.includes(name))
  const [, name] = target.match(/^\/items\/(\w+)\/delete/) ?? []
  if (name && method === 'POST') {
    if (!left.includes(name)) return ['410 Gone', 'Already deleted.']
    gone.push(name)
    // A whole address works as well, if it is the one by which the visitor came.
    return [`303 See Other\r\nlocation: http://${host}/`, '']
  }
  if (name) return ['405 Method Not Allowed\r\nallow: OPTIONS, POST', 'No.']
  if (target === '/items') {
    return ['200 OK\r\ncontent-type: application/json', JSON.stringify(left.toReversed())]
  }
  return ['200 OK\r\ncontent-type: text/html', page(left)]
}

function page(left: string[]): string {
  const rows = left.map(
    (name) =>
      `<form id=${name} method=POST action=items/${name}/delete>${name} <button>x</button></form>`,
  )
  return `<!doctype html><title>Items</title>${rows.join('')}`
}

server.listen(Number(process.env.PORT), '127.0.0.1')
