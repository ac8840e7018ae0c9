import { describe, expect, test } from 'vitest'
import { smallCourse, smallLesson } from '../../testing/sample-course.ts'
import { searchIndex, type Found } from './search-index.ts'

const lesson = {
  ...smallLesson('jars', ['fill-a-jar']),
  title: 'Cookie jars',
  markdown: `A jar keeps cookies.

## How long {#how-long}

With \`Max-Age=10\` it **expires** after ten seconds. The age of the maximum is another matter.

## Naïve 日本 servers

\`\`\`quiz id=jars-question
Who is the culprit?
(x) Nobody
( ) Somebody
= Because.
\`\`\`
`,
}
const course = smallCourse([smallLesson('other'), lesson])
const { search } = searchIndex(course)
const places = (words: string) =>
  search(words).map(({ kind, id, anchor }) => `${kind} ${id}${anchor && `#${anchor}`}`)
const shown = ([first]: readonly Found[]) =>
  first?.snippet.map(({ text, matches }) => (matches ? `[${text}]` : text)).join('')

describe('what is found', () => {
  test.each([
    ['expires', ['lesson jars#how-long']],
    ['expire', ['lesson jars#how-long']],
    ['exp', ['lesson jars#how-long']],
    ['max-age', ['lesson jars#how-long']],
    ['EXPIRES ten', ['lesson jars#how-long']],
    ['naive', ['lesson jars#naïve-日本-servers']],
    ['日本', ['lesson jars#naïve-日本-servers']],
    ['hello', ['lesson other', 'lesson jars', 'exercise fill-a-jar']],
    ['answer GET', ['exercise fill-a-jar']],
  ])('%s', (words, expected) => expect(places(words)).toEqual(expected))

  test('titles before headings before texts', () => {
    expect(places('cookie')[0]).toBe('lesson jars')
  })

  test('some of the words where no place has all', () => {
    expect(places('expires unheard-of')).toEqual(['lesson jars#how-long'])
  })

  test('no question, no hint: they would give an answer away', () => {
    expect(search('culprit')).toEqual([])
    expect(search('method')).toEqual([])
  })

  test('the words in their surroundings', () => {
    expect(shown(search('expires'))).toBe(
      'With Max-Age=10 it [expires] after ten seconds. The age of the maximum is another matter.',
    )
    expect(shown(search('max-age'))).toContain('With [Max-Age]=10')
  })

  test('as many as are asked for', () => expect(search('hello', 1)).toHaveLength(1))
})

test.each([
  '',
  '   ',
  '"',
  '*',
  'NEAR(',
  'title:',
  'a" OR "b',
  "'; DROP TABLE parts",
  'AND',
  '-',
  '{',
  'x'.repeat(10_000),
  '\u0000',
  '"'.repeat(300),
])('nothing that is typed is a command: %j', (words) =>
  expect(Array.isArray(search(words))).toBe(true),
)

test('one index for a course, another for one that was loaded anew', () => {
  expect(searchIndex(course)).toBe(searchIndex(course))
  expect(searchIndex({ ...course })).not.toBe(searchIndex(course))
})
