import { describe, expect, test } from 'vitest'
import { smallCourse, smallLesson } from '../../testing/sample-course.ts'
import { boldTerms, glossaryOf } from './glossary.ts'

const lesson = (id: string, markdown: string, terms: Record<string, string> = {}) => ({
  ...smallLesson(id),
  markdown,
  terms,
})
const bold = (markdown: string) => boldTerms(markdown).map(({ term, index }) => [term, index])

describe('a term', () => {
  test.each<[markdown: string, found: [string, number][]]>([
    ['A **jar** keeps cookies. It is small.', [['jar', 0]]],
    [
      'First this. Then the\n**cookie jar** and the **cookie\njar**.',
      [
        ['cookie jar', 1],
        ['cookie jar', 1],
      ],
    ],
    ['> [!NOTE]\n> An **aside** says more.', [['aside', 1]]],
    ['- An **item** is one.\n- Another.', [['item', 0]]],
    [
      'An **`ETag`** names a version. **__Host-** is a prefix.',
      [
        ['`ETag`', 0],
        ['__Host-', 0],
      ],
    ],
  ])('%j', (markdown, expected) => expect(bold(markdown)).toEqual(expected))

  test.each([
    '**HTTP is stateless: a request means what it says.**',
    '**Note:** mind this.',
    '## A **heading**',
    '| **cell** |\n| --- |',
    '```\n**code**\n```',
    '```quiz id=q\nWhat is a **trap**?\n(x) a\n( ) b\n= c\n```',
    '** spaces **',
    '**one two three four five six**',
  ])('%j holds none', (markdown) => expect(bold(markdown)).toEqual([]))
})

test('terms come in alphabetical order, each once, with every lesson that defines it', () => {
  const found = glossaryOf(
    smallCourse([
      lesson(
        'l0',
        '## Z {#zed}\n\nA **Zone** is here.\n\nThe **Zone** again. An **`area`**. A **gap**.',
        {
          zone: 'Where it is.',
          area: 'What it has.',
        },
      ),
      lesson('l1', 'Again a **zone**.', { Zone: 'Something else.' }),
    ]),
  )
  expect(
    found.map(({ term, id, meaning, places }) => [
      term,
      id,
      meaning,
      places.map((place) => `${place.lesson.id}#${place.anchor}`),
    ]),
  ).toEqual([
    ['`area`', 'area', 'What it has.', ['l0#zed']],
    ['Zone', 'zone', 'Where it is.', ['l0#zed', 'l1#']],
  ])
})
