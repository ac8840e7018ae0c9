import { createHmac, randomInt } from 'node:crypto'

/**
 * Crockford's 32 digits: no I, L, O and U, so that a code can be read aloud and typed from a card
 * (https://www.crockford.com/base32.html).
 */
const DIGITS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const LENGTH = 8

/** Draws an access code as it is printed on a card, `K7QX-9MPD`: 40 random bits. */
export function drawAccessCode(): string {
  const digits = Array.from({ length: LENGTH }, () => DIGITS[randomInt(DIGITS.length)])
  return `${digits.slice(0, 4).join('')}-${digits.slice(4).join('')}`
}

/**
 * A code as somebody typed it, in the form that is compared: upper case, without hyphens and
 * spaces, with O read as 0 and I and L as 1. Undefined when it cannot be a code.
 */
export function normalizeAccessCode(typed: string): string | undefined {
  const code = typed
    .normalize('NFKC')
    .toUpperCase()
    .replace(/[\s\p{Dash}]/gu, '')
    .replaceAll('O', '0')
    .replace(/[IL]/g, '1')
  return code.length === LENGTH && [...code].every((digit) => DIGITS.includes(digit))
    ? code
    : undefined
}

/**
 * What is kept of a code: its HMAC-SHA-256 under the server's secret. Who reads the database alone
 * cannot try all 2^40 codes.
 */
export function accessCodeHash(normalized: string, secret: string): Buffer {
  return createHmac('sha256', secret).update(`access code ${normalized}`).digest()
}
