import { isIPv6 } from 'node:net'
import { byteSet, type ByteSet } from './tape.ts'

/** What is wrong in a part of a message, counted from its first character. */
export interface Fault {
  readonly at: number
  readonly say: string
}

/** Path and query (RFC 3986 §3.3 and §3.4), escapes aside. */
const PATH_AND_QUERY = byteSet((character) => /[\w\-.~:/?@!$&'()*+,;=]/.test(character))
/** A name of a host (RFC 3986 §3.2.2), escapes aside. */
const HOST_NAME = byteSet((character) => /[\w\-.~!$&'()*+,;=]/.test(character))

const NO_FORM: Fault = { at: 0, say: 'the target is a path from / on, or a whole address' }
const NO_HOST = "this isn't a host, with or without a port"

/**
 * What is wrong with the target of a request (RFC 9112 §3.2). `isWhole` is false for what may still
 * go on: then only what no further character can put right is wrong.
 */
export function targetFault(method: string, target: string, isWhole: boolean): Fault | undefined {
  const fragment = target.indexOf('#')
  if (fragment !== -1 && formFault(method, target.slice(0, fragment), true) === undefined)
    return {
      at: fragment,
      say: 'a target has no fragment: what follows # stays with the browser',
    }
  return formFault(method, target, isWhole)
}

function formFault(method: string, target: string, isWhole: boolean): Fault | undefined {
  if (method === 'CONNECT') return authorityFormFault(target, isWhole)
  if (target.startsWith('/')) return pathFault(target, 0, isWhole)
  if (method === 'OPTIONS' && target === '*') return undefined
  const absolute = /^[A-Za-z][A-Za-z\d+.-]*:\/\/([^/?]*)/.exec(target)
  if (!absolute)
    return isWhole || !/^([A-Za-z][A-Za-z\d+.-]*(:\/?)?)?$/.test(target) ? NO_FORM : undefined
  const [start, authority = ''] = absolute
  const isAuthorityWhole = isWhole || start.length < target.length
  if (isAuthorityWhole && authority === '') return NO_FORM
  if (isAuthorityWhole && !isHostAndPort(authority))
    return { at: start.length - authority.length, say: NO_HOST }
  return pathFault(target, start.length, isWhole)
}

/** `shop.test:443`, which a client asks a proxy to connect it to (RFC 9112 §3.2.3). */
function authorityFormFault(target: string, isWhole: boolean): Fault | undefined {
  if (!isWhole || (/[^:]:\d+$/.test(target) && isHostAndPort(target))) return undefined
  return { at: 0, say: 'the target of CONNECT is a host, a colon and a port' }
}

/** `shop.test`, `shop.test:8080`, `[::1]:80`; also nothing, which names no host. */
export function isHostAndPort(text: string): boolean {
  const literal = /^\[([^\]]*)\](:\d*)?$/.exec(text)
  if (literal) return isIPv6(literal[1]!) && !literal[1]!.includes('%')
  const [host = '', port = '', ...more] = text.split(':', 3)
  return (
    more.length === 0 && /^\d*$/.test(port) && escapedFault(host, 0, HOST_NAME, true) === undefined
  )
}

function pathFault(target: string, from: number, isWhole: boolean): Fault | undefined {
  return escapedFault(target, from, PATH_AND_QUERY, isWhole)
}

function escapedFault(
  text: string,
  from: number,
  allowed: ByteSet,
  isWhole: boolean,
): Fault | undefined {
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (allowed[code]) continue
    if (text[at] !== '%') return { at, say: rawCharacter(text[at]!) }
    const digits = text.slice(at + 1, at + 3)
    const isRight = /^[\dA-Fa-f]*$/.test(digits) && (digits.length === 2 || !isWhole)
    if (!isRight)
      return { at, say: 'a % in a target begins an escape, with two hexadecimal digits' }
  }
  return undefined
}

function rawCharacter(character: string): string {
  const escape = `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`
  return `no target may have the character ${character} as it is; it is written as an escape, ${escape}`
}
