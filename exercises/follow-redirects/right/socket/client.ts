import { connect } from 'node:net'

type Fields = readonly (readonly [name: string, value: string])[]
type Hop = { method: string; url: string; status: number }
type Asked = { url: string; method: string; fields: Fields; body: string }

/** Calls itself for the next request, and speaks HTTP over a socket that is closed each time. */
export const follow = async (
  url: string,
  { method = 'GET', headers = {}, body = '' },
): Promise<{ status: number; body: string; chain: Hop[] }> =>
  step({ url, method, fields: Object.entries(headers), body }, [])

async function step(
  asked: Asked,
  before: Hop[],
): Promise<{ status: number; body: string; chain: Hop[] }> {
  const { status, location, content } = parse(await exchange(asked), asked.method)
  const chain = [...before, { method: asked.method, url: asked.url, status }]
  const isRedirect = [301, 302, 303, 307, 308].includes(status)
  if (!isRedirect || location === undefined) return { status, body: content, chain }
  if (chain.length === 21) throw new Error('too many redirects')
  return step(nextOf(asked, status, location), chain)
}

function nextOf({ url, method, fields, body }: Asked, status: number, location: string): Asked {
  const next = new URL(location, url)
  const isGet = status < 303 ? method === 'POST' : status === 303 && method !== 'HEAD'
  const isAway = next.origin !== new URL(url).origin
  return {
    url: next.href,
    method: isGet ? 'GET' : method,
    body: isGet ? '' : body,
    fields: fields.filter(
      ([name]) =>
        !(isGet && /^content-/i.test(name)) && !(isAway && /^(authorization|cookie)$/i.test(name)),
    ),
  }
}

function exchange({ url, method, fields, body }: Asked): Promise<string> {
  const { protocol, hostname, port, host, pathname, search } = new URL(url)
  if (protocol !== 'http:') throw new Error(`${protocol} is not spoken here`)
  const head = [
    `${method} ${pathname}${search} HTTP/1.1`,
    `host: ${host}`,
    ...fields.map(([name, value]) => `${name.toUpperCase()}: ${value}`),
    ...(body ? [`content-length: ${Buffer.byteLength(body)}`] : []),
    'connection: close',
    '\r\n',
  ].join('\r\n')
  return new Promise((resolve, reject) => {
    let answer = ''
    const socket = connect(Number(port), hostname, () => socket.write(head + body))
    socket.setEncoding('utf8')
    socket.on('data', (text) => (answer += text))
    socket.on('end', () => resolve(answer))
    socket.on('error', reject)
  })
}

function parse(answer: string, method: string) {
  const end = answer.indexOf('\r\n\r\n')
  const [statusLine = '', ...lines] = answer.slice(0, end).split('\r\n')
  const location = lines.find((line) => /^location:/i.test(line))
  return {
    status: Number(statusLine.split(' ')[1]),
    location: location?.slice('location:'.length).trim(),
    content: method === 'HEAD' ? '' : answer.slice(end + 4),
  }
}
