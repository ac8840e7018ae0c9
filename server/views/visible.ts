/**
 * Recorded text with everything a reader could not see made visible: control characters as `\x1b`, characters that reorder
 * text as `\u202e`. Tabs stay.
 */
export function visible(text: string): string {
  return text.replace(unseen, (character) => {
    const code = character.codePointAt(0)!.toString(16)
    return code.length > 2 ? `\\u${code.padStart(4, '0')}` : `\\x${code.padStart(2, '0')}`
  })
}

// oxlint-disable-next-line no-control-regex -- control characters are what it is about
const unseen = /[\u0000-\u0008\u000a-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g

/** Bytes as text, one character per byte outside UTF-8. Given back with the number of bytes that were left out. */
export function textOf(bytes: Uint8Array, limit: number): { readonly text: string; readonly omitted: number } {
  const kept = bytes.subarray(0, limit)
  const buffer = Buffer.from(kept.buffer, kept.byteOffset, kept.byteLength)
  // A cut may split the last character; that alone does not make the rest binary.
  const utf8 = buffer.toString('utf8').replace(/\ufffd{1,3}$/, '')
  return { text: utf8.includes('\ufffd') ? buffer.toString('latin1') : utf8, omitted: bytes.length - kept.length }
}
