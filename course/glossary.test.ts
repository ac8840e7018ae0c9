import { describe, expect, test } from 'vitest'
import { smallCourse, smallLesson } from '../testing/sample-course.ts'
import { glossaryOf } from './glossary.ts'

const lesson = (id: string, markdown: string) => ({ ...smallLesson(id), markdown })
const terms = (...lessons: string[]) =>
  glossaryOf(smallCourse(lessons.map((markdown, at) => lesson(`l${at}`, markdown))))
const told = (markdown: string) => terms(markdown).map(({ term, sentence }) => [term, sentence])

describe('a term and its sentence', () => {
  test.each([
    ['A **jar** keeps cookies. It is small.', [['jar', 'A **jar** keeps cookies.']]],
    [
      'First this. Then the\n**cookie jar** {{rfc 9110#3.3}}. Then that.',
      [['cookie jar', 'Then the **cookie jar** {{rfc 9110#3.3}}.']],
    ],
    ['> [!NOTE]\n> An **aside** tells more.', [['aside', 'An **aside** tells more.']]],
    ['- An **item** is one. And more.\n- Another.', [['item', 'An **item** is one.']]],
    [
      'Use 1.5 of `a.b`. An **`ETag`** names a version, e.g. a hash.',
      [['`ETag`', 'An **`ETag`** names a version, e.g. a hash.']],
    ],
    ['(A remark. A **session** ends.) After it.', [['session', 'A **session** ends.']]],
  ])('%j', (markdown, expected) => expect(told(markdown)).toEqual(expected))

  test.each([
    '**HTTP is stateless: a request means what it says.**',
    '**Note:** mind this.',
    '## A **heading**',
    '| **cell** |\n| --- |',
    '```\n**code**\n```',
    '```quiz id=q\nWhat is a **trap**?\n(x) a\n( ) b\n= c\n```',
    '** spaces **',
    '**one two three four five six**',
  ])('%j defines none', (markdown) => expect(told(markdown)).toEqual([]))
})

test('in alphabetical order, each once, with every lesson that defines it', () => {
  const found = terms(
    '## Z {#zed}\n\nA **Zone** is here.\n\nThe **Zone** again. An **area**.',
    'Again a **zone**.',
  )
  expect(
    found.map(({ term, id, places }) => [
      term,
      id,
      places.map((place) => `${place.lesson.id}#${place.anchor}`),
    ]),
  ).toEqual([
    ['area', 'area', ['l0#zed']],
    ['Zone', 'zone', ['l0#zed', 'l1#']],
  ])
})
