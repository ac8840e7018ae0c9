import { createServer, request as send, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { pipeline } from 'node:stream'

/** A proxy of a browser's, by which every name leads to one server of this machine. */
export interface ForwardProxy {
  /** As `proxyServer` of a browser's context takes it. */
  readonly url: string
  close(): Promise<void>
}

/** For tests: has a browser read the server at `port` under a name that is not this machine's. */
export async function openForwardProxy(port: number): Promise<ForwardProxy> {
  const server = createServer((request, response) => passOn(request, response, port))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function passOn(request: IncomingMessage, response: ServerResponse, port: number): void {
  const { pathname, search } = new URL(request.url ?? '/', 'http://localhost')
  const { method, headers } = request
  const onward = send(
    { host: 'localhost', port, method, headers, path: pathname + search, agent: false },
    (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers)
      pipeline(answer, response, () => {})
    },
  )
  // What breaks on one side breaks on the other.
  onward.on('error', () => response.destroy())
  response.on('close', () => onward.destroy())
  request.pipe(onward)
}
