import { createHash, generateKeyPairSync, type KeyObject } from 'node:crypto'

/** Who signs certificates: a name, and a key that never leaves this process. */
export interface Authority {
  readonly name: string
  readonly privateKey: KeyObject
  readonly publicKey: KeyObject
}

let own: Authority | undefined

/**
 * The authority whose certificates clients are told to trust: one in each process, made when it is
 * first asked for.
 */
export function ownAuthority(): Authority {
  return (own ??= newAuthority('Roundtrip'))
}

export function newAuthority(name: string): Authority {
  return { name, ...generateKeyPairSync('ec', { namedCurve: 'P-256' }) }
}

/**
 * The SHA-256 of the own authority's public key (SubjectPublicKeyInfo), in base64: how Chromium is
 * told to trust it.
 */
export function authoritySpki(): string {
  return createHash('sha256')
    .update(ownAuthority().publicKey.export({ type: 'spki', format: 'der' }))
    .digest('base64')
}
