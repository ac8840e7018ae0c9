/**
 * The beginning of a text, of at most so many UTF-16 units. A character isn't cut in two: half of
 * one becomes another character in every file, so that words differ from what was kept of them.
 */
export function beginning(text: string, length: number): string {
  return text.slice(0, length).replace(/[\uD800-\uDBFF]$/, '')
}
