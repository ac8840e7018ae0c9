import { Marked } from 'marked'
import { gfmHeadingId, getHeadingList } from 'marked-gfm-heading-id'
import { describe, expect, test } from 'vitest'
import { createAnchors, parseHeadings, splitAnchor } from './headings.ts'

describe('parseHeadings', () => {
  test('gives level, text and anchor, in order', () => {
    expect(parseHeadings('# A lesson\n\ntext\n\n### How long? ###\n')).toEqual([
      { level: 1, text: 'A lesson', id: 'a-lesson', index: 0, explicit: false },
      { level: 3, text: 'How long?', id: 'how-long', index: 4, explicit: false },
    ])
  })

  test('prefers an anchor the author wrote', () => {
    expect(parseHeadings('## How long a `cookie` lives {#how-long}')).toEqual([
      { level: 2, text: 'How long a cookie lives', id: 'how-long', index: 0, explicit: true },
    ])
    expect(splitAnchor('Plain {braces} stay')).toEqual({ text: 'Plain {braces} stay' })
  })

  test('leaves fenced code out, whatever its fence', () => {
    const lines = [
      '```sh',
      '# a comment',
      '```',
      '~~~~',
      '# no',
      '~~~',
      '# still no',
      '~~~~',
      '  ```',
      '# no',
      '  ```',
      '# yes',
    ]
    expect(parseHeadings(lines.join('\n')).map((heading) => heading.text)).toEqual(['yes'])
  })

  test('takes neither a hash without a space nor an indented line for a heading', () => {
    expect(parseHeadings('#no\n    # code\n#\n> # quoted\n')).toEqual([])
  })

  const sources = [
    'Plain words',
    'Plain words',
    'Plain words',
    'Plain words-1',
    'The `Set-Cookie` field',
    'What **really** happens, and *why*',
    '__Strong__ and _weak_',
    'a_b and snake_case_name',
    'Under__score__',
    '~~gone~~',
    'Escaped \\*stars\\*',
    'Été à la plage',
    '日本語 の 見出し',
    '1. First & second',
    'Max-Age=10',
    'A [link](https://example.org/a) here',
    'Tabs — dashes – and … dots',
    'C++ / C#',
    '“Quoted”',
    'It’s 100 %',
    "It's",
    '`a` and `b`',
    '``a ` b``',
    'x²',
  ]

  test('agrees with marked-gfm-heading-id on every anchor', () => {
    const markdown = sources.map((source) => `## ${source}`).join('\n\n')
    new Marked(gfmHeadingId()).parse(markdown)
    expect(parseHeadings(markdown).map((heading) => heading.id)).toEqual(
      getHeadingList().map((heading) => heading.id),
    )
  })

  test('createAnchors gives a renderer the same ids, heading by heading', () => {
    const anchors = createAnchors()
    const headings = parseHeadings(sources.map((source) => `# ${source}`).join('\n'))
    expect(sources.map((source) => anchors(source).id)).toEqual(headings.map(({ id }) => id))
  })
})
