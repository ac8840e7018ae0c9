import { createServer, type IncomingMessage } from 'node:http'
import { buffer } from 'node:stream/consumers'

async function mirror(request: IncomingMessage) {
  const { origin, rest } = splitOrigin(request.url!)
  const [path] = rest.split('?', 1)
  // The base is only there to be parsed: nothing but the search is used.
  const { searchParams } = new URL(rest.slice(path!.length), 'http://base')
  const content = await buffer(request)
  const byName = Map.groupBy(searchParams, ([name]) => name)
  const query = [...byName].map(([name, pairs]) => [name, pairs.map(([, value]) => value)])
  const headers = Object.entries(request.headersDistinct)
  return {
    method: request.method,
    path: decodeURIComponent(path || '/'),
    query: Object.fromEntries(query),
    host: origin === null ? request.headers.host : origin.slice(origin.indexOf('//') + 2),
    headers: Object.fromEntries(headers.map(([name, values]) => [name, values?.join(', ')])),
    bodyLength: content.byteLength,
  }
}

/** `http://shop.test:8080/a?b` is `http://shop.test:8080` and `/a?b`; `/a` has no origin. */
function splitOrigin(target: string) {
  if (target.startsWith('/')) return { origin: null, rest: target }
  const end = target.slice(target.indexOf('//') + 2).search(/[/?]|$/) + target.indexOf('//') + 2
  return { origin: target.slice(0, end), rest: target.slice(end) }
}

createServer(async (request, response) => {
  try {
    const report = await mirror(request)
    response.writeHead(200, { 'content-type': 'application/json; charset=utf-8' })
    response.end(JSON.stringify(report, null, 2))
  } catch (error) {
    response.writeHead(error instanceof URIError ? 400 : 500).end()
  }
}).listen(Number(process.env.PORT), '127.0.0.1')
