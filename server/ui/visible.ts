/**
 * Recorded text with everything a reader could not see made visible: control characters as `\x1b`,
 * characters that reorder text as `\u202e`. Tabs stay.
 */
export function visible(text: string): string {
  return text.replace(unseen, (character) => {
    const code = character.codePointAt(0)!.toString(16)
    return code.length > 2 ? `\\u${code.padStart(4, '0')}` : `\\x${code.padStart(2, '0')}`
  })
}

// oxlint-disable-next-line no-control-regex -- control characters are what it is about
const unseen =
  /[\u0000-\u0008\u000a-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g
