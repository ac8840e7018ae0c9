const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/**
 * The text of a field's value that was read one character per byte (latin1): UTF-8 where its bytes
 * are valid UTF-8, as Chromium writes cookies, and otherwise what it was (RFC 9110 §5.5).
 */
export function fieldText(latin1: string): string {
  try {
    return decoder.decode(Buffer.from(latin1, 'latin1'))
  } catch {
    return latin1
  }
}
