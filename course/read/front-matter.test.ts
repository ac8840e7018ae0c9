import { describe, expect, test } from 'vitest'
import { splitFrontMatter } from './front-matter.ts'

describe('splitFrontMatter', () => {
  test('gives the data, the body and the line the body starts on', () => {
    const matter = splitFrontMatter('---\nid: a\nhints: [x, y]\n---\n\n# Body\n---\nmore\n')
    expect(matter.data).toEqual({ id: 'a', hints: ['x', 'y'] })
    expect(matter.body).toBe('\n# Body\n---\nmore\n')
    expect(matter.bodyLine).toBe(5)
    expect(matter.mistakes).toEqual([])
  })

  test('reads a file with a byte order mark and Windows line endings alike', () => {
    const matter = splitFrontMatter('\uFEFF---\r\nid: a\r\n---\r\nBody\r\nmore')
    expect(matter.data).toEqual({ id: 'a' })
    expect(matter.body).toBe('Body\nmore')
    expect(matter.bodyLine).toBe(4)
  })

  test('reads a file that ends with its front matter', () => {
    expect(splitFrontMatter('---\nid: a\n---')).toMatchObject({
      data: { id: 'a' },
      body: '',
      mistakes: [],
    })
  })

  test('turns a path of keys into a line of the file', () => {
    const matter = splitFrontMatter(
      '---\nid: a\nhints:\n  - one\n  - two\nnested:\n  deep: 1\n---\n',
    )
    expect(matter.lineOf(['id'])).toBe(2)
    expect(matter.lineOf(['hints'])).toBe(3)
    expect(matter.lineOf(['hints', 1])).toBe(5)
    expect(matter.lineOf(['nested', 'deep'])).toBe(7)
    expect(matter.lineOf(['absent'])).toBe(1)
  })

  test.each([
    ['no front matter', '# Body\n', 1, 1, 'The front matter is missing.', '# Body'],
    [
      'one that is never closed',
      '---\nid: a\n# Body\n',
      1,
      1,
      'The front matter is never closed.',
      '---',
    ],
    [
      'a second colon',
      '---\nid: a\ntitle: A: b\n---\n',
      3,
      8,
      'The front matter has a second ": " on one line.',
      'title: A: b',
    ],
    [
      'a key that stands twice',
      '---\nid: a\nid: b\n---\n',
      3,
      1,
      'This key stands twice in the front matter.',
      'id: b',
    ],
    [
      'a tab',
      '---\nhints:\n\t- one\n---\n',
      3,
      1,
      'The front matter is indented with a tab.',
      '\t- one',
    ],
    [
      'an open quote',
      '---\nid: "a\n---\n',
      3,
      1,
      /^The front matter is not valid YAML: Missing closing "quote\.$/,
      '',
    ],
    [
      'an alias without an anchor',
      '---\nid: *nobody\n---\n',
      2,
      1,
      /cannot be read: .*nobody/,
      'id: *nobody',
    ],
  ])('names %s', (_, text, line, column, message, excerpt) => {
    const { mistakes } = splitFrontMatter(text)
    expect(mistakes).toHaveLength(1)
    expect(mistakes[0]).toMatchObject({
      line,
      column,
      excerpt,
      remedy: expect.stringMatching(/\.$/),
    })
    expect(mistakes[0]!.message).toMatch(message)
  })

  test('runs no code that stands in a front matter', () => {
    expect(splitFrontMatter('---js\nglobalThis.ran = true\n---\n').mistakes[0]?.message).toBe(
      'The front matter is missing.',
    )
    expect(globalThis).not.toHaveProperty('ran')
  })
})
