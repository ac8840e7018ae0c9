import { rmSync } from 'node:fs'
import { afterEach, describe, expect, test } from 'vitest'
import { fixtureFiles, writeFixtureCourse } from '../../testing/sample-course.ts'
import { formatProblems } from '../load-course.ts'
import { playgrounds } from '../playgrounds.ts'
import { lintCourse } from './lint-course.ts'

const roots: string[] = []
afterEach(() => roots.splice(0).forEach((root) => rmSync(root, { recursive: true, force: true })))

const lessonFile = 'lessons/01-start/01-first.md'
const taskFile = 'exercises/say-hello/exercise.md'
const lesson = fixtureFiles[lessonFile]
  .replace('minutes: 10', 'minutes: 2')
  .replace('# The first lesson\n', '## The first lesson\n')

/**
 * The mistakes of the fixture course with these lines at the end of its lesson, or of another text.
 */
async function mistakes(lines: string, file: string = lessonFile): Promise<string[]> {
  const root = writeFixtureCourse({
    [lessonFile]: lesson,
    ...(file === lessonFile
      ? { [file]: `${lesson}\n${lines}\n` }
      : { [file]: `${fixtureFiles[file as keyof typeof fixtureFiles]}\n${lines}\n` }),
  })
  roots.push(root)
  return (await lintCourse(root)).problems.map(
    (problem) => `${problem.line}:${problem.column} ${problem.message} ${problem.remedy}`,
  )
}

const LAST = lesson.split('\n').length + 1

describe('lintCourse', () => {
  test('finds nothing in a course without mistakes', async () => {
    expect(
      await mistakes(
        'See [how long](#how-long), [the lesson](/lessons/first-lesson#how-long), [the task](/exercises/say-hello) and [the web](https://example.org/a_(b)).',
      ),
    ).toEqual([])
  })

  test.each([
    ['[x](#how-lang)', 'There is no heading #how-lang in this text. Did you mean "how-long"?', 5],
    [
      '[x](/lessons/frist-lesson)',
      'There is no lesson "frist-lesson". Did you mean "first-lesson"?',
      5,
    ],
    [
      '[x](/lessons/first-lesson#nowhere)',
      'There is no heading #nowhere in the lesson first-lesson. The anchors are: the-first-lesson, how-long.',
      5,
    ],
    ['[x](/exercises/say-helo)', 'There is no exercise "say-helo". Did you mean "say-hello"?', 5],
    [
      '[x](../other.md)',
      'The link ../other.md leads to no page of a course. Write #anchor, /lessons/<id>, /lessons/<id>#anchor, /exercises/<id>, or a whole address with https://.',
      5,
    ],
    [
      '[x]()',
      'This link has no address. Write it in the parentheses: [a lesson](/lessons/its-id).',
      5,
    ],
    ['[x](http://[)', 'http://[ is no address. Copy it again from your browser.', 5],
    [
      'See ![](https://example.org/a.svg)',
      'This picture has no words. Say in the brackets what it shows: ![The request on the wire](…). Pages give the words to who cannot see it.',
      5,
    ],
    ['[x](/playground/cookie)', 'There is no playground "cookie". Did you mean "cookies"?', 5],
    [
      '```http from=say-helo\nGET / HTTP/1.1\n```',
      'This block is from the exercise "say-helo", which there is not. Did you mean "say-hello"?',
      1,
    ],
    [
      '```playground cooky\nTry it.\n```',
      `There is no playground "cooky". The playgrounds are: ${Object.keys(playgrounds).join(', ')}.`,
      1,
    ],
    [
      '```playground\nTry it.\n```',
      `This playground has no name. The playgrounds are: ${Object.keys(playgrounds).join(', ')}.`,
      1,
    ],
    [
      '```playground cookies\n\n```',
      'This playground has no words. Say in the block what to try and what to look for. Who reads without scripts, or in the book, has these words alone.',
      1,
    ],
    ['[name]: /lessons/gone', 'There is no lesson "gone". The lessons are: first-lesson.', 9],
    [
      '#### Deep',
      'A heading of level 4 stands below one of level 2. Write it with ###: no level is left out.',
      1,
    ],
    [
      '# Again',
      'This heading is of level 1. The title is the page\'s only one. Begin sections with "##".',
      1,
    ],
    [
      '> [!HINT]\n> Look.',
      'There is no callout [!HINT]. The kinds are: WIRE, SURPRISE, TRAP, LATER, NOTE.',
      3,
    ],
    [
      'So it is {{rfc9110 3}}.',
      '{{rfc9110 3}} is no source. Write {{rfc 9110#9.3.2}}, {{6265bis 5.6}}, {{fetch http-cors-protocol}}, {{mdn Web/HTTP/Reference/Status/204}} or {{seen V10}}, on one line.',
      10,
    ],
    [
      'A first sentence.\nA server MUST answer.',
      'The sentence says MUST and no source. Name the place that demands it: {{rfc 9110#9.3.2}}. In your own words write it small.',
      10,
    ],
  ])('%j', async (text, message, column) => {
    const line = LAST + (text.startsWith('A first') ? 1 : 0)
    expect(await mistakes(text)).toEqual([`${line}:${column} ${message}`])
  })

  test('finds a callout that stands twice, and the fifth one', async () => {
    const callouts = ['WIRE', 'TRAP', 'NOTE', 'LATER', 'SURPRISE', 'TRAP']
      .map((kind) => `> [!${kind}]\n> Look.\n`)
      .join('\n')
    expect(await mistakes(callouts)).toEqual([
      `${LAST + 12}:3 This is callout 5 of this text. Keep at most 4. Make it a paragraph.`,
      `${LAST + 15}:3 The callout [!TRAP] stands twice. Keep one of each kind: what is called out often is not heard. Make the other a paragraph.`,
    ])
  })

  test('finds a playground that stands twice', async () => {
    const block = '```playground cookies\nTry it.\n```\n'
    expect(await mistakes(block)).toEqual([])
    expect(await mistakes(block + block)).toEqual([
      `${LAST + 3}:1 The playground "cookies" stands twice. Keep one of them.`,
    ])
  })

  test('leaves code alone, and demands that name their source', async () => {
    const text =
      'Write `[x](nowhere)` or `MUST`.\n\n```md\n[x](nowhere) MUST {{what}} > [!HINT]\n```\n\nA server MUST answer\n{{rfc 9110#6.3}}.'
    expect(await mistakes(text)).toEqual([])
  })

  test('reads tasks and the introduction too', async () => {
    expect(await mistakes('[x](/lessons/gone)', taskFile)).toEqual([
      '13:5 There is no lesson "gone". The lessons are: first-lesson.',
    ])
    expect(await mistakes('[x](/lessons/gone)', 'lessons/course.md')).toEqual([
      '8:5 There is no lesson "gone". The lessons are: first-lesson.',
    ])
  })

  test('compares the reading time with the words', async () => {
    expect(await mistakes(`${'word '.repeat(650)}.`)).toEqual([])
    expect(await mistakes(`${'word '.repeat(3000)}.`)).toEqual([
      expect.stringMatching(
        /^4:undefined "minutes" says 2 for 30\d\d words and 1 question\. Between 8 and 33 is plausible\. Read it with a watch\.$/,
      ),
    ])
  })

  test('gives every mistake at once, with its place and the line', async () => {
    const root = writeFixtureCourse({
      [lessonFile]: `${lesson}\n[x](#gone) and [y](#lost)\n`,
      'exercises/say-hello/checks.ts': null,
    })
    roots.push(root)
    expect(formatProblems((await lintCourse(root)).problems)).toBe(`The course has 3 mistakes.

exercises/say-hello/checks.ts:1
  The checks are missing.
  Export them from this file as its default.

lessons/01-start/01-first.md:${LAST}:5
  There is no heading #gone in this text.
      [x](#gone) and [y](#lost)
          ^
  The anchors are: the-first-lesson, how-long.

lessons/01-start/01-first.md:${LAST}:20
  There is no heading #lost in this text.
      [x](#gone) and [y](#lost)
                         ^
  The anchors are: the-first-lesson, how-long.`)
  })
})
