import { describe, expect, test } from 'vitest'
import { explainField } from './field-explanations.ts'
import { renderMarkdown } from './render-markdown.ts'

const html = async (markdown: string) =>
  (await renderMarkdown(markdown)).parts.map((part) => ('html' in part ? part.html : '')).join('')
const block = (...lines: string[]) => `\`\`\`http\n${lines.join('\n')}\n\`\`\`\n`

describe('the fields of messages', () => {
  test('lead to their explanations at the end of the document, each explained once', async () => {
    const page = await html(
      block('GET / HTTP/1.1', 'host: x', 'X-Own: y') +
        block('HTTP/1.1 200 OK', 'Content-Length: 0', 'Host: z'),
    )
    expect(page).toContain(
      '<a class="w-name" href="#field-host" aria-describedby="field-host">host</a>: x',
    )
    expect(page).toContain('<span class="w-name">X-Own</span>: y')
    expect(
      [...page.matchAll(/<dt>([^<]+)<\/dt><dd id="([^"]+)">/g)].map(([, name, id]) => [name, id]),
    ).toEqual([
      ['Content-Length', 'field-content-length'],
      ['Host', 'field-host'],
    ])
  })

  test('are reached by the keyboard once in each block', async () => {
    const page = await html(
      block('HTTP/1.1 200 OK', 'Set-Cookie: a', 'Set-Cookie: b') +
        block('HTTP/1.1 200 OK', 'Set-Cookie: c'),
    )
    expect(
      [...page.matchAll(/<a class="w-name"[^>]*?( tabindex="-1")?>/g)].map(
        ([, skipped]) => skipped !== undefined,
      ),
    ).toEqual([false, true, false])
  })

  test('a document without messages has no list', async () =>
    expect(await html('Prose about `Host: x`.')).not.toContain('class="fields"'))

  test('content that looks like a field is none', async () => {
    expect(await html(block('HTTP/1.1 200 OK', '', 'Host: in the content'))).not.toContain(
      'class="fields"',
    )
  })
})

test.each(['Set-Cookie', 'set-cookie', 'SET-COOKIE'])('names know no case: %s', (name) =>
  expect(explainField(name)?.name).toBe('Set-Cookie'),
)
test.each(['', 'constructor', '__proto__', 'X-Unheard-Of'])('%j is not explained', (name) =>
  expect(explainField(name)).toBeUndefined(),
)
