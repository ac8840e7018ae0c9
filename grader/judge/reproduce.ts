import type { Evidence, Exchange } from '../types/index.ts'
import { issuedCookies, leadUp } from './lead-up.ts'
import { header, headers } from '../types/helpers/header-fields.ts'
import type { FailedOn } from './claims/recorder.ts'

/** Where and how a person starts the program again to see a failure. */
export interface ReproduceWith {
  /** The command that starts it; null when it already runs. */
  readonly start: string | null
  /** `http://127.0.0.1:3000` */
  readonly address: string
  /**
   * The program is the script of a page: opening that shows what happened, whatever a claim was
   * about.
   */
  readonly page?: boolean
}

/** The terminal cuts longer lines, and nobody can paste half a command. */
const LONGEST = 2000

/**
 * Commands that show again what a claim failed on, in order, from what the program was given and
 * known by; a start by hand draws its own values where none are named.
 */
export function reproduce(
  { exchange, console }: FailedOn,
  how: ReproduceWith,
  {
    environment = {},
    originsGiven = {},
    sites = {},
    exchanges = [],
    interventions = [],
  }: Partial<
    Pick<Evidence, 'environment' | 'originsGiven' | 'sites' | 'exchanges' | 'interventions'>
  > = {},
): string[] {
  // What an answer to a page elsewhere says depends on which origins the program knows.
  const byPageElsewhere =
    exchange !== null &&
    exchange.origin === undefined &&
    headers(exchange.request.headers, 'Origin').some((value) => !isOwnOrigin(exchange, value))
  const startWith = (variables: Readonly<Record<string, string>>) => {
    const given = Object.entries({ ...variables, ...(byPageElsewhere && originsGiven) }).map(
      ([name, value]) => `${name}=${whenNeeded(value, quotedText)}`,
    )
    return how.start === null ? [] : [[...given, how.start].join(' ')]
  }
  const start = startWith(environment)
  const open =
    how.start === null
      ? []
      : [...start, `open ${how.address}/ and look into its console and its network panel`]
  // What was asked of a server of the grader's own, only the page can ask again.
  if (exchange?.origin !== undefined) return open
  const portOf = (site: string) =>
    sites[site] === 'PORT' ? new URL(how.address).port : (environment[sites[site] ?? ''] ?? '')
  if (exchange) {
    const before = leadUp(exchange, exchanges)
    if (before === null || isEnded(exchange, interventions)) return []
    const all = [...before.requests, exchange]
    const asCurl = (each: Exchange, index: number) => {
      const { site } = each
      const jar = before.needsJar ? jarOptions(index, all.length) : []
      const options = site === undefined ? jar : [...placed(site, portOf(site)), ...jar]
      return curl(each, site ?? how.address, options, issuedCookies(each, exchanges))
    }
    const starts = interventions.filter(({ signal }) => signal === undefined)
    const startsBefore = (each: Exchange) => starts.filter(({ at }) => at <= each.startedAt).length
    const commands = all.flatMap((each, index) => {
      const count = startsBefore(each)
      const line = startWith(starts[count - 1]?.environment ?? environment)
      const isAgain = index > 0 && startsBefore(all[index - 1]!) < count
      const first = index === 0 ? line : isAgain ? line.map((text) => `Ctrl-C, then ${text}`) : []
      return [...first, asCurl(each, index)]
    })
    return commands.some(({ length }) => length > LONGEST) ? [] : commands
  }
  const site =
    Object.keys(sites).find((each) => console?.page.startsWith(`${each}/`)) ?? Object.keys(sites)[0]
  const path = console && site !== undefined ? console.page.replace(site, '') : console?.page
  // A page of another server is there during a grading only.
  if (path !== undefined && !path.startsWith('/')) return []
  if (console && site !== undefined) {
    const { host, protocol } = new URL(site)
    const rule = `MAP ${host.includes(':') ? host : `${host}:${protocol === 'https:' ? 443 : 80}`} 127.0.0.1:${portOf(site)}`
    return [
      ...start,
      `open ${site}${path} in a Chromium started with --host-resolver-rules='${rule}' and type in its console: ${console.expression}`,
    ]
  }
  if (console)
    return [...start, `open ${how.address}${path} and type in its console: ${console.expression}`]
  return how.page ? open : []
}

/** Whether the scenario had sent the program a signal by then: no command here would show that. */
function isEnded(
  { response }: Exchange,
  interventions: NonNullable<Evidence['interventions']>,
): boolean {
  const until = response?.complete ? response.endedAt : Infinity
  return interventions.findLast(({ at }) => at <= until)?.signal !== undefined
}

/** Has curl keep cookies from one request to the next in a file, which the first one begins. */
function jarOptions(index: number, count: number): string[] {
  return [...(index > 0 ? ['-b', 'jar'] : []), ...(index < count - 1 ? ['-c', 'jar'] : [])]
}

/** What has curl find a site at a port of this machine, with a certificate that nobody knows. */
export function placed(site: string, port: string): string[] {
  const { protocol, hostname, port: asked } = new URL(site)
  const secure = protocol === 'https:'
  return [
    ...(secure ? ['-k'] : []),
    '--connect-to',
    `${hostname}:${asked || (secure ? 443 : 80)}:127.0.0.1:${port}`,
  ]
}

/**
 * The request as a curl command. Fields that every browser adds by itself are left out, and so are
 * the cookies that a jar sends (`name=value`). `options` come first.
 */
export function curl(
  exchange: Exchange,
  address: string,
  options: readonly string[] = [],
  inJar: readonly string[] = [],
): string {
  const { request, protocol, site } = exchange
  const parts = ['curl', '-i', ...options, ...(protocol === 'http/1.1' ? ['--http1.1'] : [])]
  if (request.method === 'HEAD') parts.push('--head')
  else if (request.method !== 'GET' || request.body.length > 0) parts.push('-X', request.method)
  // To curl, a -b without = is the name of a file.
  for (const line of headers(request.headers, 'Cookie').flatMap((line) => without(line, inJar)))
    parts.push(
      ...(line.includes('=') ? ['-b', quotedBytes(line)] : ['-H', quotedBytes(`Cookie: ${line}`)]),
    )
  // Where names are known, another one is what the answer depends on.
  if (site !== undefined) {
    const host = header(request.headers, ':authority') ?? header(request.headers, 'Host')
    if (host !== new URL(site).host)
      parts.push('-H', quotedBytes(host === undefined ? 'Host:' : `Host: ${host}`))
  }
  // To curl, a name with nothing behind its colon is a field to leave out; with a semicolon, one
  // without a value. Of its own origin a page need not speak; another one is what the answer
  // depends on.
  const isOwn = (name: string, value: string) =>
    (fromEveryBrowser(name) &&
      !isRepeated(exchange, name) &&
      !isChoosy(name, value) &&
      !namesFields(name, value)) ||
    (name.toLowerCase() === 'origin' && (value === address || isOwnOrigin(exchange, value)))
  for (const [name, value] of request.headers)
    if (!isOwn(name, value))
      parts.push('-H', quotedBytes(value === '' ? `${name};` : `${name}: ${value}`))
  const { input, options: content } = contentOptions(request.body)
  parts.push(...content)
  // An absolute address, or *, is no path that curl could put behind a host.
  const target = request.target.startsWith('/')
    ? [whenNeeded(address + request.target, quotedBytes)]
    : ['--request-target', whenNeeded(request.target, quotedBytes), `${address}/`]
  return input + [...parts, ...target].join(' ')
}

/** No word of a shell can hold a NUL: such content goes through a pipe. */
function contentOptions(content: Uint8Array): { input: string; options: string[] } {
  if (content.length === 0) return { input: '', options: [] }
  const bytes = Buffer.from(content).toString('latin1')
  if (bytes.includes('\0')) {
    const format = escaped(bytes).replaceAll("\\'", `'\\''`).replaceAll('%', '%%')
    return { input: `printf '${format}' | `, options: ['--data-binary', '@-'] }
  }
  const text = asText(content)
  return {
    input: '',
    options: ['--data-raw', text === undefined ? quotedBytes(bytes) : quotedText(text)],
  }
}

/** A Cookie line without these pairs; nothing when none is left. */
function without(line: string, pairs: readonly string[]): string[] {
  if (pairs.length === 0) return [line]
  const left = line.split(';').filter((pair) => !pairs.includes(pair.trim()))
  return left.length === 0 ? [] : [left.join(';').trim()]
}

/** No browser says twice who it is. */
function isRepeated({ request }: Exchange, name: string): boolean {
  return /^(user-agent|referer)$/i.test(name) && headers(request.headers, name).length > 1
}

/** Whether it accepts less than curl does by itself, so that another answer may be due. */
function isChoosy(name: string, value: string): boolean {
  return name.toLowerCase() === 'accept' && !value.includes('*/*')
}

/** Whether a Connection names fields of this hop, beside what becomes of the connection. */
function namesFields(name: string, value: string): boolean {
  const options = value.split(',').map((option) => option.trim())
  return (
    name.toLowerCase() === 'connection' &&
    options.some((option) => !/^(close|keep-alive|)$/i.test(option))
  )
}

/** Whether a page that says this Origin came from the server it asks. */
function isOwnOrigin({ request, site }: Exchange, origin: string): boolean {
  return origin === site || origin === `http://${header(request.headers, 'Host') ?? ''}`
}

const BROWSERS_OWN =
  /^(:.*|host|connection|cookie|user-agent|accept|accept-encoding|accept-language|content-length|upgrade-insecure-requests|cache-control|pragma|referer|sec-.*|priority)$/i

function fromEveryBrowser(name: string): boolean {
  return BROWSERS_OWN.test(name)
}

function whenNeeded(text: string, quote: (text: string) => string): string {
  return /^[\w./:@%=+,-]+$/.test(text) ? text : quote(text)
}

/** Text as one word of a shell; in bytes where a terminal would not show all of it. */
function quotedText(text: string): string {
  return /[^\P{C}]/u.test(text)
    ? quotedBytes(Buffer.from(text).toString('latin1'))
    : `'${text.replaceAll("'", `'\\''`)}'`
}

/** What a head holds, a character a byte (latin1), as one word of bash and zsh: `$'caf\351'`. */
function quotedBytes(bytes: string): string {
  return /[^\x20-\x7e]/.test(bytes) ? `$'${escaped(bytes)}'` : quotedText(bytes)
}

const SHORT_ESCAPES: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' }

/** Three octal digits each, so that a digit that follows is never read as part of the byte. */
function escaped(bytes: string): string {
  return bytes.replace(/[\\']|[^\x20-\x7e]/g, (byte) =>
    byte === '\\' || byte === "'"
      ? `\\${byte}`
      : (SHORT_ESCAPES[byte] ?? `\\${byte.charCodeAt(0).toString(8).padStart(3, '0')}`),
  )
}

function asText(content: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(content)
  } catch {
    return undefined
  }
}
