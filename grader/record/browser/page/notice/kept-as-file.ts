import { header } from '../../../../types/helpers/header-fields.ts'
import type { Response } from '../../../../types/index.ts'

/**
 * How an answer was sent at which Chromium broke off a visit: as a file to keep. Null for one
 * without content, at which a browser stays where it is.
 */
export function keptAsFile({ status, headers, body }: Response): string | null {
  if (status === 204 || status === 205) return null
  if (/^\s*attachment\b/i.test(header(headers, 'Content-Disposition') ?? ''))
    return 'sent as an attachment'
  const type = header(headers, 'Content-Type')
  // A text that looks like none is kept as well, and then its type is not the reason.
  if (/^\s*text\/plain\b/i.test(type ?? '') && looksBinary(body))
    return `sent as ${type} with control characters in its content`
  return `sent as ${type ?? 'bytes of no type'}`
}

/** By the bytes that no text has (MIME Sniffing §3, "binary data byte"). */
function looksBinary(body: Uint8Array): boolean {
  return body.some((byte) => byte < 0x20 && ![0x09, 0x0a, 0x0c, 0x0d, 0x1b].includes(byte))
}
