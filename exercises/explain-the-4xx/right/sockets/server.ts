import { createServer } from 'node:net'

// By hand: fields in lower case, odd reasons, an Allow in several fields, and a connection for each.
const { SLUGS = '', REMOVED = '' } = process.env

createServer((socket) => {
  let received = ''
  socket.on('error', () => socket.destroy())
  socket.on('data', (data) => {
    received += data.toString('latin1')
    const end = received.indexOf('\r\n\r\n')
    if (end === -1) return
    const [line = '', ...fields] = received.slice(0, end).split('\r\n')
    const [method = '', target = ''] = line.split(' ')
    const accept = fields.find((field) => /^accept:/i.test(field)) ?? ''
    const [status, words] = judge(method, target)
    const head = [`HTTP/1.1 ${status} So It Is`, 'connection: close', 'x-powered-by: hands']
    if (status === 405) head.push('allow: GET', 'Allow: , HEAD')
    const [type, content] = write(status, words, accept.includes('text/html'))
    head.push(`content-type: ${type}`, `content-length: ${Buffer.byteLength(content)}`)
    socket.end(`${head.join('\r\n')}\r\n\r\n${method === 'HEAD' ? '' : content}`)
  })
}).listen(Number(process.env.PORT), '127.0.0.1')

function judge(method: string, target: string): [status: number, words: string] {
  const [, slug] = /^\/articles\/(.+)$/.exec(target) ?? []
  if (slug === undefined) return [404, 'Wir führen nur Artikel.']
  if (/[^a-z0-9-]/.test(slug)) return [400, 'So kann ein Artikel nicht heißen.']
  if (`,${REMOVED},`.includes(`,${slug},`)) return [410, 'Der Artikel ist für immer weg.']
  if (!`,${SLUGS},`.includes(`,${slug},`)) return [404, 'Diesen Artikel hat es nie gegeben.']
  return method === 'GET' || method === 'HEAD' ? [200, slug] : [405, 'Hier wird nur gelesen.']
}

function write(status: number, words: string, isPage: boolean): [type: string, content: string] {
  const text = status === 200 ? words : `Fehler ${status}. ${words}`
  if (isPage || status === 200) return ['text/html; charset=utf-8', `<!doctype html><p>${text}`]
  return ['application/problem+json', JSON.stringify({ title: words, status, detail: text })]
}
