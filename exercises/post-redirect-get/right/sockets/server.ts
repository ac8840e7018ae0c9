import { createServer } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'

interface Signed {
  id: string
  message: string
  name: string
}

const book: Signed[] = []

createServer((socket) => {
  let received = Buffer.alloc(0)
  socket.on('error', () => socket.destroy())
  socket.on('data', async (bytes: Buffer) => {
    received = Buffer.concat([received, bytes])
    const end = received.indexOf('\r\n\r\n')
    if (end === -1) return
    const head = received.toString('latin1', 0, end)
    const length = Number(/^content-length: *(\d+)/im.exec(head)?.[1] ?? 0)
    if (received.length < end + 4 + length) return
    const content = received.subarray(end + 4, end + 4 + length)
    const [method = '', target = ''] = head.split(' ')
    const host = /^host: *(.+)$/im.exec(head)?.[1]?.trim() ?? ''
    const answer = await answerTo(method, target, host, content)
    // The head and the content leave one after the other, as over a slow network.
    const [line, ...text] = answer
    socket.write(`HTTP/1.1 ${line}\r\nconnection: close\r\ntransfer-encoding: chunked\r\n\r\n`)
    await pause(5)
    if (method === 'HEAD') return socket.end()
    for (const piece of text) if (piece) socket.write(chunk(piece))
    return socket.end('0\r\n\r\n')
  })
}).listen(Number(process.env.PORT), '127.0.0.1')

async function answerTo(
  method: string,
  target: string,
  host: string,
  content: Buffer,
): Promise<string[]> {
  if (target.startsWith('/sign')) {
    if (method !== 'POST') return ['405 No\r\nallow: POST', 'no']
    const { name = '', message = '' } = Object.fromEntries(new URLSearchParams(String(content)))
    const id = `nr-${book.length * 3}`
    book.unshift({ id, name, message })
    await pause(20)
    // A whole address works as well, if it is the one by which the visitor came.
    return [`303 See Other\r\nlocation: http://${host}/thanks/${id}`, 'Look there.']
  }
  const entry = book.find(({ id }) => target === `/thanks/${id}`)
  if (entry) return page('Thanks', `<p>${entry.name}: `, `${entry.message}`)
  if (target === '/entries') return ['200 OK\r\ncontent-type: text/plain', JSON.stringify(book)]
  if (target === '/') return page('Book', FORM, ...book.map((entry) => `<p>${entry.message}`))
  return ['404 Not Found', 'nothing here']
}

const FORM = `<form method=POST action=sign><input name=message>
<textarea name=name></textarea><input type=submit></form>`

function page(title: string, ...content: string[]): string[] {
  return ['200 OK\r\ncontent-type: text/html', `<!doctype html><title>${title}</title>`, ...content]
}

function chunk(text: string): string {
  return `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`
}
