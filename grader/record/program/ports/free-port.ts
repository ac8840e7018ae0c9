import { randomInt } from 'node:crypto'
import { createServer } from 'node:net'

// Below the ranges from which Linux (32768), macOS and Windows (49152) take the ports of outgoing
// connections: nobody is given one of these by chance between our look and the program's bind.
const LOWEST = 20_000
const HIGHEST = 29_999

const given = new Set<number>()

/**
 * A loopback port nobody listens on, and that this process has not given to another program lately.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(LOWEST, HIGHEST + 1)
    if (given.has(port) || !(await isFree(port))) continue
    given.add(port)
    setTimeout(() => given.delete(port), 60_000).unref()
    return port
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  })
}
