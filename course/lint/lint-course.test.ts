import { rmSync } from 'node:fs'
import { afterEach, describe, expect, test } from 'vitest'
import { fixtureFiles, writeFixtureCourse } from '../../testing/sample-course.ts'
import { formatProblems } from '../load-course.ts'
import { playgrounds } from '../lessons/playgrounds.ts'
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
    ['[x](#how-lang)', 'This text has no heading #how-lang. Did you mean "how-long"?', 5],
    [
      '[x](/lessons/frist-lesson)',
      'No lesson is called "frist-lesson". Did you mean "first-lesson"?',
      5,
    ],
    [
      '[x](/lessons/first-lesson#nowhere)',
      'The lesson first-lesson has no heading #nowhere. The anchors are: the-first-lesson, how-long.',
      5,
    ],
    ['[x](/exercises/say-helo)', 'No exercise is called "say-helo". Did you mean "say-hello"?', 5],
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
    ['[x](http://[)', "http://[ isn't an address. Copy it again from your browser.", 5],
    [
      'See ![](https://example.org/a.svg)',
      'This picture has no words. Say in the brackets what it shows: ![The request on the wire](…). Pages give the words to who cannot see it.',
      5,
    ],
    ['[x](/playground/cookie)', 'No playground is called "cookie". Did you mean "cookies"?', 5],
    [
      '```http from=say-helo\nGET / HTTP/1.1\n```',
      'This block is from "say-helo", but no exercise is called that. Did you mean "say-hello"?',
      1,
    ],
    [
      '```playground cooky\nTry it.\n```',
      `No playground is called "cooky". The playgrounds are: ${Object.keys(playgrounds).join(', ')}.`,
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
    ['[name]: /lessons/gone', 'No lesson is called "gone". The lessons are: first-lesson.', 9],
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
      'There is no callout [!HINT]. The kinds are: WIRE, SURPRISE, TRAP, LATER, NOTE, DEEPER.',
      3,
    ],
    [
      'So it is {{rfc9110 3}}.',
      "{{rfc9110 3}} isn't a source. Write {{rfc 9110#9.3.2}}, {{6265bis 5.6}}, {{fetch http-cors-protocol}}, {{mdn Web/HTTP/Reference/Status/204}} or {{seen V10}}, on one line.",
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

  test('lets two [!DEEPER] stand beside them, and each has its title on a line of its own', async () => {
    const one = '> [!DEEPER]\n> Title\n>\n> Text.\n\n'
    expect(await mistakes(one + one)).toEqual([])
    expect(await mistakes(`${one}${one}> [!DEEPER] Title\n`)).toEqual([
      `${LAST + 10}:3 This is callout [!DEEPER] 3 of this text. Keep at most 2: leave out what fewest readers need.`,
      `${LAST + 10}:3 Words stand after [!DEEPER] on its line. Write the title on the next line, and the text below it.`,
    ])
  })

  test.each([
    [
      '```js express\nx\n```',
      'No server of its own stands before this one with Express. Put it directly after the block ```js server that does the same.',
    ],
    [
      '```js server try="GET basket"\nx\n```',
      '"GET basket" is not a request. Write a method and a path, with semicolons between: try="GET /basket; POST /notes [Content-Type: text/plain] A lamp".',
    ],
    [
      '```sequence from=say-hello\n```',
      'This sequence shows nothing. Write its messages as in an http block, or name recorded ones: ```sequence from=say-hello#GET/hello.',
    ],
  ])('%j', async (text, message) => {
    expect(await mistakes(text)).toEqual([`${LAST}:1 ${message}`])
  })

  test('takes a server with the same in Express beneath it, and a sequence to be filled', async () => {
    const text =
      '```js server try="GET /a; POST /b?c [Content-Type: text/plain] A lamp"\nx\n```\n\n```js express\nx\n```\n\n```sequence from=say-hello#GET/\n```'
    expect(await mistakes(text)).toEqual([])
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
      'Write `[x](nowhere)` or `MUST`.\n\n```md\n[x](nowhere) MUST {{what}} > [!HINT]\n```\n\nA server MUST answer\n{{rfc 9110#6.3}}.\n\nIt did {{seen V17 Firefox 140}}.'
    expect(await mistakes(text)).toEqual([])
  })

  test('reads tasks and the introduction too', async () => {
    expect(await mistakes('[x](/lessons/gone)', taskFile)).toEqual([
      '13:5 No lesson is called "gone". The lessons are: first-lesson.',
    ])
    expect(await mistakes('[x](/lessons/gone)', 'lessons/course.md')).toEqual([
      '8:5 No lesson is called "gone". The lessons are: first-lesson.',
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
  This text has no heading #gone.
      [x](#gone) and [y](#lost)
          ^
  The anchors are: the-first-lesson, how-long.

lessons/01-start/01-first.md:${LAST}:20
  This text has no heading #lost.
      [x](#gone) and [y](#lost)
                         ^
  The anchors are: the-first-lesson, how-long.`)
  })
})

describe('what could read better', () => {
  async function found(
    kind: 'problems' | 'warnings',
    lines: string,
    { houseStyle = false, front = '' }: { houseStyle?: boolean; front?: string } = {},
  ): Promise<string[]> {
    const root = writeFixtureCourse({
      [lessonFile]: `${lesson.replace('objectives:', `${front}objectives:`)}\n${lines}\n`,
      ...(houseStyle && {
        'lessons/course.md': fixtureFiles['lessons/course.md'].replace(
          '\n---\nW',
          '\nhouseStyle: true\n---\nW',
        ),
      }),
    })
    roots.push(root)
    return (await lintCourse(root))[kind].map(
      ({ line, column, message }) => `${line}:${column} ${message}`,
    )
  }
  const warnings = found.bind(null, 'warnings')
  const words = (count: number) => `${'word '.repeat(count).trim()}.`
  const text = (count: number) => Array.from({ length: count / 20 }, () => words(20)).join('\nSo ')

  test.each([
    [words(31), [`${LAST}:1 This sentence has 31 words.`]],
    [`${words(30)} Short \`a b\`. \`c\` ${words(28)}`, []],
    [
      '> [!NOTE]\n> First {{rfc 9110#1}}.\n> And {{rfc 9110#2}}.',
      [`${LAST + 2}:7 This paragraph names 2 sources.`],
    ],
    ['First {{rfc 9110#1}}.\n\nAnd {{rfc 9110#2}}.', []],
    ['A\n**jar** keeps it.', [`${LAST + 1}:1 "jar" is bold, and nothing says what it means.`]],
    [
      '```quiz id=q\nWhat?\n( ) A\n( ) B\n  Tempting.\n(x) C\n= D\n```',
      [`${LAST + 2}:1 This wrong option has no sentence of its own.`],
    ],
  ])('%j', async (lines, expected) => expect(await warnings(lines)).toEqual(expected))

  test.each([
    ['A **jar** keeps it.', '"jar" is bold, and nothing says what it means.'],
    [
      '```quiz id=q\nWhat?\n( ) A\n(x) C\n= D\n```',
      'This wrong option has no sentence of its own.',
    ],
  ])('%j is a mistake where the course has the shape of the house', async (lines, message) => {
    expect(await found('problems', lines, { houseStyle: true })).toEqual([
      expect.stringContaining(message),
    ])
    expect(await found('problems', lines)).toEqual([])
  })

  test('takes a term that the front matter defines, and refuses one that is not in the text', async () => {
    const front = 'terms:\n  Jar: It keeps cookies.\n'
    expect(await warnings('A **jar** keeps it.', { front })).toEqual([])
    const root = writeFixtureCourse({
      [lessonFile]: lesson.replace('objectives:', `${front}objectives:`),
    })
    roots.push(root)
    expect((await lintCourse(root)).problems).toMatchObject([
      { line: 7, message: '"terms" says what "Jar" means, but the lesson never sets it in bold.' },
    ])
  })

  test('holds lessons to the shape of the house where the course asks for it', async () => {
    const headings = Array.from({ length: 6 }, (_, at) => `## More ${at}\n`).join('\n')
    const found = await warnings(`${headings}\n\`\`\`js server\n${'x\n'.repeat(21)}\`\`\``, {
      houseStyle: true,
    })
    expect(found.map((each) => each.replace(/^\d+:1 /, ''))).toEqual([
      'This lesson has 21 words of prose; 900 to 1300 is the measure.',
      'Nothing is drawn in this text.',
      'This lesson says "for example" 0 times.',
      'This lesson has 8 headings; 7 are the most.',
      'This server is not shown with Express.',
      'This server has 21 lines; 20 are the most.',
    ])
    const whole = `${text(1000)}\n\nFor example, for example, for example.\n\n\`\`\`sequence\n→ GET / HTTP/1.1\n\`\`\`\n\n\`\`\`js server\nx\n\`\`\`\n\`\`\`js express\nx\n\`\`\`\n`
    expect(await warnings(whole, { houseStyle: true })).toEqual([])
  })

  test('lets a primer be short', async () => {
    const primer = `${text(600)}\n\n\`\`\`sequence\n→ GET / HTTP/1.1\n\`\`\`\n`
    expect(await warnings(primer, { houseStyle: true, front: 'primer: true\n' })).toEqual([])
  })
})
