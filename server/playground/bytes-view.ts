import { typedByte } from './typed-bytes.ts'
import { html, type Html } from '../ui/html.ts'

/**
 * Bytes as they would be typed, line by line; the one at `at` is marked, and named to those who
 * cannot see the mark.
 */
export function bytesView(bytes: Uint8Array, { at, label }: { at?: number; label: string }): Html {
  const before = bytes.subarray(0, at ?? bytes.length)
  const marked = at === undefined ? undefined : bytes[at]
  const after = at === undefined ? [] : bytes.subarray(at + 1)
  const mark =
    at !== undefined &&
    html`<mark><span class="sr-only">here: </span>${marked === undefined ? html`<span class="gap"></span>` : typedByte(marked)}<span class="sr-only"> (end)</span></mark>${marked === 0x0a && '\n'}`
  return html`<pre class="recorded bytes" tabindex="0" role="group" aria-label="${label}"><code>${bytes.length === 0 && html`<span class="w-elided">(no bytes)</span>`}${runs(before)}${mark}${runs(after)}</code></pre>`
}

/** Text, and the line ends in it, which are paler. */
function runs(bytes: Iterable<number>): Html {
  const text = Array.from(bytes, (byte) => typedByte(byte) + (byte === 0x0a ? '\n' : '')).join('')
  // An escaped backslash is no line end.
  const pieces = text.match(/(?:\\[rn]\n?)+|(?:\\\\|\\(?![rn])|[^\\])+/g) ?? []
  return html`${pieces.map((piece) => (/^\\[rn]/.test(piece) ? html`<span class="w-end">${piece}</span>` : piece))}`
}
