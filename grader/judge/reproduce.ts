import type { Exchange } from '../types.ts'
import { header, headers } from './message.ts'
import type { FailedOn } from './recorder.ts'

/** Where and how a person starts the program again to see a failure. */
export interface ReproduceWith {
  /** The command that starts it; null when it already runs. */
  readonly start: string | null
  /** `http://127.0.0.1:3000` */
  readonly address: string
  /** The program is the script of a page: opening that shows what happened, whatever a claim was about. */
  readonly page?: boolean
}

/**
 * Commands that show again what a claim failed on, in order. `environment`: what the program was given; a start by hand draws its own values where
 * none are named.
 */
export function reproduce({ exchange, console }: FailedOn, how: ReproduceWith, environment: Readonly<Record<string, string>> = {}): string[] {
  const given = Object.entries(environment).map(([name, value]) => `${name}=${quotedWhenNeeded(value)}`)
  const start = how.start === null ? [] : [[...given, how.start].join(' ')]
  const open = how.start === null ? [] : [...start, `open ${how.address}/ and look into its console and its network panel`]
  // What was asked of a server of the grader's own, only the page can ask again.
  if (exchange?.origin !== undefined) return open
  if (exchange) return [...start, curl(exchange, how.address)]
  if (console) return [...start, `open ${how.address}${console.page} and type in its console: ${console.expression}`]
  return how.page ? open : []
}

/** The request as a curl command. Fields that every browser adds by itself are left out. */
export function curl({ request }: Exchange, address: string): string {
  const body = new TextDecoder().decode(request.body)
  const parts = ['curl', '-i']
  if (request.method === 'HEAD') parts.push('--head')
  else if (request.method !== 'GET' || body !== '') parts.push('-X', request.method)
  // To curl, a -b without = is the name of a file.
  for (const line of headers(request.headers, 'Cookie')) parts.push(...(line.includes('=') ? ['-b', quoted(line)] : ['-H', quoted(`Cookie: ${line}`)]))
  const own = `http://${header(request.headers, 'Host') ?? ''}`
  // Of its own origin a page need not speak; another one is what the answer depends on.
  const isOwn = (name: string, value: string) => fromEveryBrowser(name) || (name.toLowerCase() === 'origin' && value === own)
  for (const [name, value] of request.headers) if (!isOwn(name, value)) parts.push('-H', quoted(`${name}: ${value}`))
  if (body !== '') parts.push('--data-raw', quoted(body))
  // An absolute address, or *, is no path that curl could put behind a host.
  if (!request.target.startsWith('/')) return [...parts, '--request-target', quotedWhenNeeded(request.target), `${address}/`].join(' ')
  return [...parts, quotedWhenNeeded(address + request.target)].join(' ')
}

const BROWSERS_OWN = /^(host|connection|cookie|user-agent|accept|accept-encoding|accept-language|content-length|upgrade-insecure-requests|cache-control|pragma|referer|sec-.*|priority)$/i

function fromEveryBrowser(name: string): boolean {
  return BROWSERS_OWN.test(name)
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`
}

function quotedWhenNeeded(text: string): string {
  return /^[\w./:@%=+,-]+$/.test(text) ? text : quoted(text)
}
