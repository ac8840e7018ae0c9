import { networkInterfaces } from 'node:os'
import { npmRun } from '../../course/command-line.ts'

/** Where a class is read, and on which address of this machine the server listens for it. */
export interface ClassAddress {
  /** What is printed on the cards: `https://course.example`. */
  readonly origin: string
  /** Undefined: on the loopback addresses alone. */
  readonly host: string | undefined
}

/**
 * What `ROUNDTRIP_ORIGIN` asks for. An https origin is a proxy's on this machine, which passes on to
 * the loopback address; an http one is this machine's own, in a network that the class shares. Left
 * out, the class is read on this machine alone. A string says what is wrong with it.
 */
export function readClassAddress(text: string | undefined, port: number): ClassAddress | string {
  if (port === 0)
    return `PORT is 0, and a class needs a port that stays the same. Leave it out, or choose one: ${classOnPort(4321)}`
  const wanted = text?.trim()
  if (!wanted) return { origin: `http://localhost:${port}`, host: undefined }
  const url = URL.canParse(wanted) ? new URL(wanted) : undefined
  if (!url || !/^https?:$/.test(url.protocol) || url.href !== `${url.origin}/`)
    return `ROUNDTRIP_ORIGIN is ${JSON.stringify(wanted)}, which isn't an origin. Write scheme, name and port only: https://course.example or http://192.168.1.5:4321.`
  if (/^(0\.0\.0\.0|\[::\])$/.test(url.hostname))
    return (
      `ROUNDTRIP_ORIGIN is ${JSON.stringify(wanted)}, which no other machine can open. Write this ` +
      `machine's own name or address: http://${ownAddresses()[0] ?? '192.168.1.5'}:${port}.`
    )
  if (url.protocol === 'https:' || isLoopback(url.hostname))
    return { origin: url.origin, host: undefined }
  if (Number(url.port || 80) !== port)
    return `ROUNDTRIP_ORIGIN names port ${url.port || 80}, and the class listens on ${port}. Set PORT=${url.port || 80}, or correct the origin.`
  return { origin: url.origin, host: url.hostname.startsWith('[') ? '::' : '0.0.0.0' }
}

/** The command that serves the class on another port, and at the same place otherwise. */
export function classOnPort(port: number, origin?: string): string {
  const command = `PORT=${port} ${npmRun('class')}`
  const url = origin === undefined ? undefined : new URL(origin)
  // A proxy's origin names no port of this machine, and the one of this machine alone follows PORT.
  if (url?.protocol !== 'http:' || url.hostname === 'localhost') return command
  url.port = String(port)
  return `ROUNDTRIP_ORIGIN=${url.origin} ${command}`
}

/** The addresses by which others in the same network may reach this machine. */
export function ownAddresses(): string[] {
  return Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter(({ family, internal }) => family === 'IPv4' && !internal)
    .map(({ address }) => address)
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || hostname.startsWith('127.')
}
