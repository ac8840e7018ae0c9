const LONGEST_LINE = 2000

/**
 * Text a terminal can be given: control characters shown as escapes, so that output cannot move the
 * cursor or hide lines, and long lines cut.
 */
export function printable(text: string): string {
  const shown = text
    .replace(
      /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g,
      escape,
    )
    .replaceAll('\t', '  ')
  return shown.length > LONGEST_LINE
    ? `${shown.slice(0, LONGEST_LINE)} … (${shown.length} characters)`
    : shown
}

function escape(character: string): string {
  const code = character.codePointAt(0)!
  return code < 256 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`
}
