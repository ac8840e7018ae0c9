import type { Response } from '../types.ts'

/** How an answer was sent at which Chromium broke off a visit: as a file to keep. Null for one without content, at which a browser stays where it is. */
export function keptAsFile({ status, headers }: Response): string | null {
  if (status === 204 || status === 205) return null
  const field = (name: string) => headers.find(([key]) => key.toLowerCase() === name)?.[1]
  if (/^\s*attachment\b/i.test(field('content-disposition') ?? '')) return 'sent as an attachment'
  return `sent as ${field('content-type') ?? 'bytes of no type'}`
}
