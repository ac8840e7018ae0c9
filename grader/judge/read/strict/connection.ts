import type { Headers } from '../../../types/index.ts'
import { headers } from '../../../types/helpers/header-fields.ts'
import { trimBlanks } from '../../../types/helpers/blanks.ts'

/**
 * Why no message can follow this one on its connection (RFC 9112 §9.3), as the end of a sentence;
 * null when one may.
 */
export function reasonToEnd(minor: number, list: Headers): string | null {
  const options = headers(list, 'Connection')
    .flatMap((line) => line.split(','))
    .map((option) => trimBlanks(option).toLowerCase())
  if (options.includes('close')) return 'the message before said Connection: close'
  return minor === 0 && !options.includes('keep-alive')
    ? 'the message before was of HTTP/1.0 and did not say Connection: keep-alive'
    : null
}

/** Whether what follows a response is another protocol: after 101, and after CONNECT's 2xx. */
export function opensTunnel(method: string, status: number): boolean {
  return status === 101 || (method === 'CONNECT' && status >= 200 && status < 300)
}
