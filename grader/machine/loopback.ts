import { connect, createServer, type AddressInfo } from 'node:net'
import { once } from 'node:events'
import { GraderError } from '../types/errors.ts'

const LOOPBACK = '127.0.0.1'
/** On a machine that takes longer, something else is wrong, and is found where it hinders. */
const TRIAL_MS = 5000

/**
 * Connects to this process over 127.0.0.1, as the browser, the proxies and the learner's program
 * do. Where that interface is down, Linux lets a program listen there and nobody reach it.
 * @throws GraderError when this machine has no IPv4 loopback address
 */
export async function requireLoopback(): Promise<void> {
  const fault = await connectToSelf().then(() => null, loopbackFault)
  if (fault) throw fault
}

/** What an error says of 127.0.0.1 as such: nobody can listen there, or reach it. Else null. */
export function loopbackFault(error: unknown): GraderError | null {
  const { code, syscall, address } = error as NodeJS.ErrnoException & { address?: string }
  if (address !== LOOPBACK) return null
  // A client that has used up the ports of its own gets EADDRNOTAVAIL as well.
  const speaksOfIt = syscall === 'connect' ? UNREACHABLE : NOT_THERE
  if (!speaksOfIt.includes(String(code))) return null
  return new GraderError(
    `This machine has no IPv4 loopback address: ${LOOPBACK} cannot be used (${code}).`,
    `Roundtrip, the browser and your program reach each other there, even in an IPv6 network. ${REMEDY}`,
  )
}

const NOT_THERE = ['EADDRNOTAVAIL', 'EAFNOSUPPORT']
const UNREACHABLE = ['ENETUNREACH', 'EHOSTUNREACH', 'ENETDOWN', 'EAFNOSUPPORT']

const REMEDY =
  process.platform === 'linux'
    ? `Turn it on, and run this again:\n  sudo ip link set lo up && sudo ip address replace ${LOOPBACK}/8 dev lo`
    : 'Turn it on in the network settings, and run this again.'

async function connectToSelf(): Promise<void> {
  const server = createServer((socket) => socket.on('error', () => {}).destroy())
  try {
    await once(server.listen(0, LOOPBACK), 'listening')
    const client = connect((server.address() as AddressInfo).port, LOOPBACK)
    try {
      await once(client, 'connect', { signal: AbortSignal.timeout(TRIAL_MS) })
    } finally {
      client.on('error', () => {}).destroy()
    }
  } finally {
    server.close()
  }
}
