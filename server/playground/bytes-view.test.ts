import { expect, test } from 'vitest'
import { bytesView } from './bytes-view.ts'

const shown = async (text: string, at?: number) => {
  const html = String(
    await bytesView(Buffer.from(text, 'latin1'), { label: 'x', ...(at !== undefined && { at }) }),
  )
  return html
    .replace(/^[^]*<code>|<\/code>[^]*$/g, '')
    .replaceAll(/<span class="sr-only">[^<]*<\/span>/g, '')
}

test.each<[string, number | undefined, string]>([
  ['a\r\n\r\nb', undefined, 'a<span class="w-end">\\r\\n\n\\r\\n\n</span>b'],
  ['a\nb', 1, 'a<mark>\\n</mark>\nb'],
  ['a\r\nb', 1, 'a<mark>\\r</mark><span class="w-end">\\n\n</span>b'],
  ['ab', 2, 'ab<mark><span class="gap"></span></mark>'],
  ['ab', 0, '<mark>a</mark>b'],
  ['\\n\0<', undefined, '\\\\n\\x00&lt;'],
  ['', undefined, '<span class="w-elided">(no bytes)</span>'],
])('%j, marked at %s', async (text, at, expected) => {
  expect(await shown(text, at)).toBe(expected)
})
