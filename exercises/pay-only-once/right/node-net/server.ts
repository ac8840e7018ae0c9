import { createServer } from 'node:net'
import { charge, ledger } from './bank.ts'
import { page } from './page.ts'

const kept = new Map<string, Promise<string>>()

// One answer per connection. So a browser has nothing to repeat a POST on by itself, and the page
// has to ask again.
createServer((socket) => {
  let received = ''
  socket.setEncoding('latin1').on('error', () => socket.destroy())
  socket.on('data', (text) => {
    received += text
    const [head = '', content] = received.split('\r\n\r\n')
    const length = Number(/^content-length: *(\d+)/im.exec(head)?.[1] ?? 0)
    if (content === undefined || content.length < length) return
    received = ''
    void answerTo(head, content).then((answer) => socket.end(answer))
  })
}).listen(Number(process.env.PORT), '127.0.0.1')

async function answerTo(head: string, content: string): Promise<string> {
  const [method, target] = head.split(' ')
  if (target === '/') return whole('200 OK', 'text/html', page)
  if (target === '/ledger') return whole('200 OK', 'application/json', JSON.stringify(ledger()))
  if (target !== '/payments' || method !== 'POST') return whole('404 Not Found', 'text/plain', '')
  const key = /^idempotency-key:[ \t]*(.*?)[ \t]*$/im.exec(head)?.[1]
  if (!key) return whole('400 Bad Request', 'text/plain', 'no key')
  if (kept.has(`content of ${key}`) && (await kept.get(`content of ${key}`)) !== content)
    return whole('422 Unprocessable Content', 'text/plain', 'another payment')
  kept.set(`content of ${key}`, Promise.resolve(content))
  const answer = kept.get(key) ?? pay(content)
  kept.set(key, answer)
  try {
    return await answer
  } catch {
    kept.delete(key)
    kept.delete(`content of ${key}`)
    return whole('599 The bank is out', 'text/plain', 'later')
  }
}

async function pay(content: string): Promise<string> {
  const payment = await charge(JSON.parse(content).amount)
  return whole('201 Created', 'application/json', JSON.stringify(payment))
}

function whole(status: string, type: string, content: string): string {
  const length = Buffer.byteLength(content)
  const head = [`HTTP/1.1 ${status}`, `content-type: ${type}`, `content-length: ${length}`]
  return [...head, 'connection: close', '', content].join('\r\n')
}
