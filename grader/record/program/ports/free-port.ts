import { randomInt } from 'node:crypto'
import { createServer } from 'node:net'
import { GraderError } from '../../../types/errors.ts'

// Below the ranges from which Linux (32768), macOS and Windows (49152) take the ports of outgoing
// connections: nobody is given one of these by chance between our look and the program's bind.
const LOWEST = 20_000
const HIGHEST = 29_999
const MOST_TRIES = 1000

const given = new Set<number>()

/**
 * A loopback port nobody listens on, and that this process has not given to another program lately.
 * @throws GraderError when nearly all are taken, and the system's error when it is about more than
 * one port
 */
export async function freePort(draw = () => randomInt(LOWEST, HIGHEST + 1)): Promise<number> {
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const port = draw()
    if (given.has(port) || !(await isFree(port))) continue
    given.add(port)
    setTimeout(() => given.delete(port), 60_000).unref()
    return port
  }
  throw new GraderError(
    `No free port was found between ${LOWEST} and ${HIGHEST}.`,
    'End some of the programs that listen there, and run this again.',
  )
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', (error: NodeJS.ErrnoException) =>
      // Another one may do where somebody listens, or where the system keeps a port for itself.
      error.code === 'EADDRINUSE' || error.code === 'EACCES' ? resolve(false) : reject(error),
    )
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  })
}
