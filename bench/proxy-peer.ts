/**
 * A side of what bench/proxy.ts measures, in a process of its own, as a program and a browser are:
 * `serve`, `ask <port> <exchanges> <connections>` or `put <port> <bytes>`. Prints the port, or the
 * milliseconds it took.
 */
import { Agent, createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'

const [, , what = '', ...numbers] = process.argv
const [port = 0, amount = 0, connections = 1] = numbers.map(Number)

if (what === 'serve') {
  const server = createServer((incoming, response) => {
    incoming.resume().once('end', () => response.end('ok'))
  })
  server.listen(0, '127.0.0.1', () => console.log((server.address() as AddressInfo).port))
  process.once('disconnect', () => process.exit())
} else {
  const agent = new Agent({ keepAlive: true, maxSockets: connections })
  // Both sides have loaded what they need before the clock runs.
  await ask()
  const start = performance.now()
  if (what === 'put') await ask(Buffer.alloc(amount))
  else
    await Promise.all(
      Array.from({ length: connections }, async () => {
        for (let done = 0; done < amount / connections; done++) await ask()
      }),
    )
  console.log(performance.now() - start)
  process.exit()

  function ask(content?: Buffer): Promise<void> {
    const method = content ? 'PUT' : 'GET'
    return new Promise((resolve, reject) => {
      request({ host: '127.0.0.1', port, agent, method }, (response) =>
        response.resume().once('end', resolve),
      )
        .once('error', reject)
        .end(content)
    })
  }
}
