/**
 * The text without the spaces and tabs around it: the only white space that HTTP takes from around
 * a value (RFC 9110 §5.6.3). JavaScript's trim() also takes the byte A0, U+2003, the byte order
 * mark, VT and FF, which belong to the value. Linear: a regular expression that ends in `$` tries
 * every run of blanks again and again.
 */
export function trimBlanks(text: string): string {
  let start = 0
  let end = text.length
  while (start < end && isBlank(text.charCodeAt(start))) start++
  while (end > start && isBlank(text.charCodeAt(end - 1))) end--
  return text.slice(start, end)
}

/** How many spaces and tabs the text begins with. */
export function leadingBlanks(text: string): number {
  let count = 0
  while (count < text.length && isBlank(text.charCodeAt(count))) count++
  return count
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09
}
