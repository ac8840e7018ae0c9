import http from 'node:http'
import { site } from './site.ts'

class Move {
  readonly from: URLPattern
  readonly to: string
  readonly status: number

  constructor(from: string, to: string, status: number) {
    this.from = new URLPattern({ pathname: from })
    this.to = to
    this.status = status
  }

  /** The redirect for this address; undefined for one that hasn't moved. */
  answer(address: URL): Response | undefined {
    const groups = this.from.exec(address)?.pathname.groups
    if (groups === undefined) return undefined
    const path = this.to.replace(/:(\w+)/g, (_, name: string) => groups[name] ?? '')
    const headers = {
      location: `//${address.host}${path}${address.search}`,
      'content-type': 'text/html; charset=UTF-8',
      // The company's front door adds these to every answer.
      'strict-transport-security': 'max-age=31536000',
      'cache-control': 'no-store',
      vary: 'Accept-Encoding',
    }
    return new Response(`<a href="${path}">Moved</a>`, { status: this.status, headers })
  }
}

// Whatever the method: a moved address has moved for all of them.
const moves = [
  new Move('/blog/:slug', '/articles/:slug', 301),
  new Move('/today', `/editions/${process.env.DATE}`, 307),
  new Move('/checkout', '/orders', 308),
  new Move('/login', '/welcome', 303),
]

http
  .createServer(async (request, response) => {
    const address = new URL(request.url ?? '/', `http://${request.headers.host}`)
    const [answer] = moves.flatMap((move) => move.answer(address) ?? [])
    if (answer === undefined) return site(request, response)
    response.writeHead(answer.status, Object.fromEntries(answer.headers))
    return response.end(await answer.text())
  })
  .listen(Number(process.env.PORT), '127.0.0.1')
