import type { Exchange } from '../types.ts'
import { headers } from './message.ts'
import type { FailedOn } from './recorder.ts'

/** Where and how a person starts the program again to see a failure. */
export interface ReproduceWith {
  /** The command that starts it; null when it already runs. */
  readonly start: string | null
  /** `http://127.0.0.1:3000` */
  readonly address: string
}

/** Commands that show again what a claim failed on, in order. */
export function reproduce({ exchange, console }: FailedOn, how: ReproduceWith): string[] {
  const start = how.start === null ? [] : [how.start]
  if (exchange) return [...start, curl(exchange, how.address)]
  if (console) return [...start, `open ${how.address}${console.page} and type in its console: ${console.expression}`]
  return []
}

/** The request as a curl command. Fields that every browser adds by itself are left out. */
export function curl({ request }: Exchange, address: string): string {
  const body = new TextDecoder().decode(request.body)
  const parts = ['curl', '-i']
  if (request.method === 'HEAD') parts.push('--head')
  else if (request.method !== 'GET' || body !== '') parts.push('-X', request.method)
  // To curl, a -b without = is the name of a file.
  for (const line of headers(request.headers, 'Cookie')) parts.push(...(line.includes('=') ? ['-b', quoted(line)] : ['-H', quoted(`Cookie: ${line}`)]))
  for (const [name, value] of request.headers) if (!fromEveryBrowser(name)) parts.push('-H', quoted(`${name}: ${value}`))
  if (body !== '') parts.push('--data-raw', quoted(body))
  return [...parts, quotedWhenNeeded(address + request.target)].join(' ')
}

const BROWSERS_OWN = /^(host|connection|cookie|user-agent|accept|accept-encoding|accept-language|content-length|upgrade-insecure-requests|cache-control|pragma|referer|origin|sec-.*|priority)$/i

function fromEveryBrowser(name: string): boolean {
  return BROWSERS_OWN.test(name)
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`
}

function quotedWhenNeeded(text: string): string {
  return /^[\w./:@%=+,-]+$/.test(text) ? text : quoted(text)
}
