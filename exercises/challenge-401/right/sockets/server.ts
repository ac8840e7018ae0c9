import { createServer } from 'node:net'

// By hand: fields in lower case, two challenges, no reasons, and a connection for each request.
const users: { name: string; password: string; role: string }[] = JSON.parse(process.env.USERS!)

createServer((socket) => {
  let received = ''
  socket.on('error', () => socket.destroy())
  socket.on('data', (data) => {
    received += data.toString('latin1')
    const end = received.indexOf('\r\n\r\n')
    if (end === -1) return
    const [line = '', ...fields] = received.slice(0, end).split('\r\n')
    const [status, text] = judge(line.split(' ')[1] ?? '/', credentials(fields))
    const head = [`HTTP/1.1 ${status} `, 'connection: close']
    if (status === 401) {
      head.push('www-authenticate: Bearer realm="api"')
      head.push('www-authenticate: BASIC charset="utf-8" , realm="Vault"')
    }
    head.push(`content-length: ${Buffer.byteLength(text)}`)
    socket.end(`${head.join('\r\n')}\r\n\r\n${text}`)
  })
}).listen(Number(process.env.PORT), '127.0.0.1')

function credentials(fields: readonly string[]): string {
  const field = fields.find((line) => /^authorization:/i.test(line)) ?? ''
  const [, token = ''] = /^authorization:\s*basic\s+(.*?)\s*$/i.exec(field) ?? []
  return Buffer.from(token, 'base64').toString('utf8')
}

function judge(target: string, sent: string): [status: number, text: string] {
  if (target === '/public') return [200, '']
  const user = users.find(({ name, password }) => `${name}:${password}` === sent)
  if (!user) return [401, '']
  if (target === '/vault/admin' && user.role !== 'admin') return [403, 'Nein.']
  return [200, `Guten Tag, ${user.name}!`]
}
