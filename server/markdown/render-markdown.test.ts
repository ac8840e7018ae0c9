import { describe, expect, test } from 'vitest'
import { parseHeadings } from '../../course/read/headings.ts'
import { renderInline, renderMarkdown } from './render-markdown.ts'

const htmlOf = async (markdown: string) =>
  (await renderMarkdown(markdown)).parts
    .map((part) => ('html' in part ? part.html : `[${part.question}]`))
    .join('')

describe('what an author writes by accident or on purpose never runs', () => {
  test.each([
    '<script>alert(1)</script>',
    '<img src=x onerror=alert(1)>',
    '<pre><img/src=x onerror=alert(1)></pre>',
    'a <script>b <img/src=x onerror=alert(1)>',
    '<style><img/src=x onerror=alert(1)></style>',
    '[a](javascript:alert(1))',
    '[a](JAVASCRIPT:alert(1))',
    '[a](data:text/html,<script>alert(1)</script>)',
    '[a](//elsewhere.example)',
    '[a](/\\elsewhere.example)',
    '<javascript:alert(1)>',
    '![a](javascript:alert(1))',
    '[a](https://x.test/"onmouseover="alert(1))',
    '# <img src=x onerror=alert(1)>',
    '> [!TRAP]\n> <img src=x onerror=alert(1)>',
    '```ts <img/src=x>\n<img src=x onerror=alert(1)>\n```',
    '```http\n<img src=x onerror=alert(1)>: <img src=x onerror=alert(1)>\n\n<script>\n```',
    '```"onmouseover=alert(1)\nx\n```',
    '> [!DEEPER]\n> <img src=x onerror=alert(1)>\n>\n> <img src=x onerror=alert(1)>',
    '```js express <img/src=x>\n<img src=x onerror=alert(1)>\n```',
    '```sequence client="<img/src=x>"\n→ GET /<img/src=x> HTTP/1.1\n- <img src=x onerror=alert(1)>\n```',
    '```quiz id="><img/src=x>\n```',
    '<quiz-slot id="forged"></quiz-slot>',
    '| <img src=x onerror=alert(1)> |\n| --- |\n| <b onclick=alert(1)> |',
    '[^1]\n\n[^1]: <img src=x onerror=alert(1)>',
    '{{rfc 9110"onmouseover="alert(1)}} {{mdn a"b}}',
  ])('%s', async (markdown) => {
    for (const html of [await htmlOf(markdown), renderInline(markdown.split('\n')[0]!)]) {
      const tags = [...html.matchAll(/<([a-z-]+)((?:\s+[\w-]+(?:="[^"]*")?)*)\s*\/?>/gi)]
      for (const [tag, name, attributes] of tags) {
        expect(name, tag).toMatch(
          /^(p|a|b|h1|pre|code|div|figure|figcaption|table|thead|tbody|tr|th|td|section|h2|ol|li|sup|span|em|details|summary|svg|g|line|path|text)$/,
        )
        expect(attributes, tag).not.toMatch(/\son|\sstyle=|\ssrc=/i)
        expect(attributes, tag).not.toMatch(/href="(?!#|\/(?![/\\])|https?:\/\/)/i)
      }
      // Whatever is left of "<" belongs to a tag of ours.
      expect(
        html.replaceAll(/<\/?[a-z][a-z0-9-]*(?:\s+[\w-]+(?:="[^"]*")?)*\s*\/?>/gi, ''),
      ).not.toContain('<')
    }
  })

  test('a picture becomes a link: no page loads anything from another machine', async () => {
    expect(await htmlOf('![A chart](https://x.test/a.png)')).toBe(
      '<p><a href="https://x.test/a.png" rel="noreferrer">A chart</a></p>\n',
    )
  })
})

describe('sources', () => {
  test.each([
    [
      '{{rfc 9110#9.3.2}}',
      'https://www.rfc-editor.org/rfc/rfc9110#section-9.3.2',
      'RFC 9110 §9.3.2',
    ],
    ['{{rfc 9110}}', 'https://www.rfc-editor.org/rfc/rfc9110', 'RFC 9110'],
    [
      '{{6265bis 5.6}}',
      'https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis-22#section-5.6',
      'RFC 6265bis draft §5.6',
    ],
    [
      '{{fetch cors-protocol-and-http-caches}}',
      'https://fetch.spec.whatwg.org/#cors-protocol-and-http-caches',
      'Fetch: CORS protocol and HTTP caches',
    ],
    [
      '{{mdn Web/HTTP/Reference/Status/204}}',
      'https://developer.mozilla.org/docs/Web/HTTP/Reference/Status/204',
      'MDN: 204',
    ],
    [
      '{{mdn Reference/Status/204}}',
      'https://developer.mozilla.org/docs/Web/HTTP/Reference/Status/204',
      'MDN: 204',
    ],
    [
      '{{mdn Web/API/Fetch_API}}',
      'https://developer.mozilla.org/docs/Web/API/Fetch_API',
      'MDN: Fetch API',
    ],
  ])('%s', (tag, address, text) => {
    expect(renderInline(tag)).toBe(
      `<a class="source" href="${address}" rel="noreferrer">${text}</a>`,
    )
  })

  test('a measurement names the browser', () => {
    expect(renderInline('{{seen V14}}')).toContain('>measured: Chromium 156</span>')
    expect(renderInline('{{seen V26}}')).toContain('>measured: Chromium 153</span>')
    expect(renderInline('{{seen V33}}')).toContain('>measured: Node 24</span>')
    expect(renderInline('{{seen V17 Firefox 140}}')).toContain(
      '>measured: Chromium 153, Firefox 140</span>',
    )
  })

  test.each([
    '{{rfc abc}}',
    '{{unknown x}}',
    '{{seen it}}',
    '{{seen V10 it}}',
    '{{rfc }}',
    '{{fetch #CORS}}',
  ])('%s stays as it was written', (tag) => {
    expect(renderInline(tag)).toBe(tag)
  })

  test('code is left alone', () => {
    expect(renderInline('`{{rfc 9110}}`')).toBe('<code>{{rfc 9110}}</code>')
  })
})

describe('headings', () => {
  test('have the anchors the course knows them by', async () => {
    const markdown =
      '## Two `Set-Cookie` fields\n\n## Same\n\n## Same\n\n### How long {#how-long}\n\n```\n## not one\n```\n'
    const { headings, parts } = await renderMarkdown(markdown)
    expect(headings.map(({ id, level }) => ({ id, level }))).toEqual(
      parseHeadings(markdown).map(({ id, level }) => ({ id, level })),
    )
    expect(JSON.stringify(parts)).toContain('<h3 id=\\"how-long\\">How long<a')
  })

  test('of two documents that are rendered at once do not mix', async () => {
    const [a, b] = await Promise.all([
      renderMarkdown('## Same\n\n```ts\n1\n```\n\nA[^1]\n\n[^1]: One.'),
      renderMarkdown('## Same\n\n```js\n1\n```\n\nB[^1]\n\n[^1]: Two.'),
    ])
    expect([a, b].map(({ headings }) => headings[0]!.id)).toEqual(['same', 'same'])
    expect(JSON.stringify(a.parts)).toContain('One.')
    expect(JSON.stringify(a.parts)).not.toContain('Two.')
  })
})

describe('blocks', () => {
  test('a question leaves its place', async () => {
    const { parts } = await renderMarkdown(
      'Before.\n\n```quiz id=who-speaks\nWho?\n(x) A\n( ) B\n= C\n```\n\nAfter.',
    )
    expect(parts).toEqual([
      { html: '<p>Before.</p>\n' },
      { question: 'who-speaks' },
      { html: '<p>After.</p>\n' },
    ])
  })

  test('code is coloured by classes, chosen lines marked, the caption shown', async () => {
    const html = await htmlOf('```ts {2} server.ts\nconst a = 1\nconst b = 2\n```')
    expect(html).toContain('<figcaption>server.ts</figcaption>')
    expect(html).toContain('<span class="c-keyword">const')
    expect(html).toContain('<mark class="line"><span class="c-keyword">const')
    expect(html.match(/<mark/g)).toHaveLength(1)
    expect(html).not.toContain('style=')
  })

  test('a language nobody knows is shown plain', async () => {
    expect(await htmlOf('```cobol\nMOVE "<" TO X\n```')).toContain(
      '<code>MOVE "&lt;" TO X\n</code>',
    )
  })

  test.each([
    ['WIRE', 'On the wire'],
    ['SURPRISE', 'Surprise'],
    ['TRAP', 'Trap'],
    ['LATER', 'Later'],
    ['NOTE', 'Note'],
  ])('[!%s] says its kind in words', async (kind, title) => {
    const html = await htmlOf(`> [!${kind}]\n> The **text**.`)
    expect(html).toBe(
      `<div class="callout ${kind.toLowerCase()}" role="note"><p class="callout-kind">${title}</p>\n<p>The <strong>text</strong>.</p>\n</div>\n`,
    )
  })

  test('what few readers need is folded below its title', async () => {
    const markdown =
      '> [!DEEPER]\n> On **ports**\n>\n> They count for `nothing`.\n> At all.\n\nAfter.'
    expect(await htmlOf(markdown)).toBe(
      '<details class="callout deeper"><summary><span class="callout-kind">Deeper</span> On <strong>ports</strong></summary>\n<p>They count for <code>nothing</code>.\nAt all.</p>\n</details>\n<p>After.</p>\n',
    )
  })

  test('a server’s code says so, and the same with Express is folded beneath it', async () => {
    const html = await htmlOf(
      '```js server try=\'GET /; POST /a [If-Match: "b"]\'\nlisten()\n```\n\n```js express\napp()\n```\n',
    )
    expect(html).toContain(
      '<figure class="code" data-language="js"><figcaption>The server</figcaption>',
    )
    expect(html).toContain(
      '<details class="express"><summary>The same with Express</summary><figure',
    )
    expect(html).not.toContain('try=')
  })

  test('a sequence is drawn, and told as a table', async () => {
    const markdown =
      '```sequence from=say-hello client="you" server="the shop"\n→ POST /login HTTP/1.1\n…\n\n- The shop makes an id.\n\n← the answer\nHTTP/1.1 200 OK\nSet-Cookie: id=<1>; Path=/\n```'
    const { pictures } = await renderMarkdown(markdown)
    const html = await htmlOf(markdown)
    expect(pictures).toBe(true)
    expect(html).toContain('aria-label="Sequence: 1 request from you to the shop, 1 response back"')
    expect(html).toMatch(/<text class="p-title"[^>]*>200 OK · the answer<\/text>/)
    expect(html).toContain(
      '<tbody><tr><td>you</td><td>POST /login</td></tr><tr><td></td><td>The shop makes an id.</td></tr><tr><td>the shop</td><td>200 OK · the answer · Set-Cookie: id=&lt;1&gt;; Path=/</td></tr></tbody>',
    )
    expect((await renderMarkdown('Prose.')).pictures).toBe(false)
  })

  test('a sequence goes on in another line where a phone has no room, and never scrolls there', async () => {
    const note = 'The jar keeps the name, the value and the attributes of the cookie.'
    const html = await htmlOf(
      `\`\`\`sequence\n→ GET /${'long/'.repeat(12)}?a=b HTTP/1.1\nHost: a\n\n- ${note}\n\`\`\``,
    )
    const lines = (name: string) =>
      [...html.matchAll(new RegExp(`<text class="${name}"[^>]*>([^<]*)`, 'g'))].map(
        ([, text]) => text,
      )
    expect(lines('p-title')).toEqual([
      'GET /long/long/long/long/long/long/',
      'long/long/long/long/long/long/?a=b',
    ])
    expect(lines('p-muted')).toEqual([
      'The jar keeps the name, the value and',
      'the attributes of the cookie.',
    ])
    const [, width, height] =
      /<svg width="(\d+)" height="0".*?<svg class="picture"[^>]*height="(\d+)"/s.exec(html)!
    expect(Number(width)).toBeLessThanOrEqual(324)
    expect(Number(height)).toBe(34 + 46 + 16 + 28 + 16 + 8)
  })

  test('a wide table scrolls by itself and can be reached by keyboard', async () => {
    expect(await htmlOf('| a |\n| --- |\n| 1 |')).toMatch(
      /^<div class="scroll" role="group" aria-label="Table" tabindex="0"><table>/,
    )
  })

  test('footnotes link there and back', async () => {
    const html = await htmlOf('A claim.[^why]\n\n[^why]: Because.')
    expect(html).toContain('href="#footnote-why"')
    expect(html).toContain('aria-label="Back to the text, note why"')
  })
})

test('quotes are set in prose and left in code', () => {
  expect(renderInline(`It's "so" - the \`it's\`'s "\`code\`", isn't it`)).toBe(
    'It’s “so” – the <code>it&#39;s</code>’s “<code>code</code>”, isn’t it',
  )
})

test('an address in the prose is an example and no link', () => {
  expect(renderInline('Open http://127.0.0.1:3000 now')).toBe('Open http://127.0.0.1:3000 now')
})

test('what was rendered once is kept', async () => {
  expect(renderMarkdown('The same text')).toBe(renderMarkdown('The same text'))
})
