import type { SecureVersion } from './client-hello.ts'

/**
 * Options with which OpenSSL speaks TLS before 1.2, too: it counts their signatures (SHA-1) as
 * safe at no security level but 0. Nothing where only versions from 1.2 on are wanted.
 */
export function oldVersions(lowest: SecureVersion | undefined): { ciphers?: string } {
  return lowest === 'TLSv1' || lowest === 'TLSv1.1' ? { ciphers: 'DEFAULT@SECLEVEL=0' } : {}
}
