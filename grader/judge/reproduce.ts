import type { Exchange } from '../types.ts'
import { headers } from './message.ts'

/** Where and how a person starts the program again to see a failure. */
export interface ReproduceWith {
  /** The command that starts it; null when it already runs. */
  readonly start: string | null
  /** `http://127.0.0.1:3000` */
  readonly address: string
}

/** Commands that show a failed exchange again, in order. */
export function reproduce(exchange: Exchange | null, how: ReproduceWith): string[] {
  if (!exchange) return []
  return [...(how.start === null ? [] : [how.start]), curl(exchange, how.address)]
}

/** The request as a curl command. Fields that every browser adds by itself are left out. */
export function curl({ request }: Exchange, address: string): string {
  const body = new TextDecoder().decode(request.body)
  const parts = ['curl', '-i']
  if (request.method === 'HEAD') parts.push('--head')
  else if (request.method !== 'GET') parts.push('-X', request.method)
  for (const line of headers(request.headers, 'Cookie')) parts.push('-b', quoted(line))
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
