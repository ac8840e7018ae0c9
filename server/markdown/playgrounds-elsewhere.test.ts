import { expect, test } from 'vitest'
import { playgroundsElsewhere } from './playgrounds-elsewhere.ts'
import { renderMarkdown } from './render-markdown.ts'

test('a playground on another machine: its words and the way to it, no link and no frame', async () => {
  const markdown =
    '# Title\n\n```playground cookies\nSet `Max-Age`.\n```\n\n```playground break-the-request\nBreak it.\n```\n\n```html\n<div class="embed-frame"></div></figure>\n```\n'
  const content = playgroundsElsewhere(await renderMarkdown(markdown))
  const html = content.parts.map((part) => ('html' in part ? part.html : '')).join('')
  expect(html).toMatch(
    /<figcaption>Cookie playground<\/figcaption>\s*<p>Set <code>Max-Age<\/code>\./,
  )
  expect(html.match(/start the course on your own machine/g)).toHaveLength(2)
  expect(html).not.toMatch(/href="\/playground|data-playground|<div class="embed-frame"/)
  expect(content.playgrounds).toEqual([])
})
