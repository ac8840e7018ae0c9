/**
 * Text as HTML content. Markdown renderers build strings; views use `html` of hono, which escapes
 * by itself.
 */
export function escape(text: string): string {
  return text.replace(/[&<>]/g, (character) => entities[character]!)
}

/** Text as the value of an HTML attribute in double quotes. */
export function attribute(text: string): string {
  return text.replace(/[&<>"]/g, (character) => entities[character]!)
}

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
