import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { fixtureFiles, writeFixtureCourse } from '../../testing/sample-course.ts'
import { loadCourseStrictly } from '../../course/load-course.ts'
import { resolvePaths } from '../../course/paths.ts'
import { renderBook, withinBook } from './book.ts'

let root: string
let book: string
beforeAll(async () => {
  root = writeFixtureCourse({
    'lessons/01-start/01-first.md': fixtureFiles['lessons/01-start/01-first.md']
      .replace('- Say hello\n', '- Say hello\nterms:\n  bold: Set in heavy letters.\n')
      .replace(
        'Prose.',
        'Prose[^1] with **bold**. See [the other](/lessons/second-lesson#how-long) and [do it](/exercises/say-hello).\n\n[^1]: A note.\n',
      ),
    'lessons/01-start/02-second.md':
      '---\nid: second-lesson\ntitle: The <second> lesson\nminutes: 5\nneeds: []\nobjectives:\n  - Say more\n---\n## How long {#how-long}\n\n```http\nGET / HTTP/1.1\nHost: x\n```\n\nThe [search](/search), [above](#how-long).\n\n```playground cookies\nTry a life of 5 seconds.\n```\n',
    'lessons/01-start/03-third.md':
      '---\nid: third-lesson\ntitle: Third\nminutes: 5\nneeds: []\nobjectives:\n  - See\n---\n## A {#a}\n\n```sequence\n→ GET /drawn HTTP/1.1\n← HTTP/1.1 200 OK\n```\n\n```quiz id=wrong-ones\nWhich?\n(x) Right\n( ) Wrong\n  It is tempting.\n= Because.\n```\n',
    'exercises/say-hello/solution/server.ts': '// SOLVED-BY-THE-AUTHOR\n',
  })
  book = await renderBook(await loadCourseStrictly(root))
})
afterAll(() => rmSync(root, { recursive: true, force: true }))

describe('the book', () => {
  test('holds every lesson, task, question and term', () => {
    expect(book).toContain('<h2>The &lt;second&gt; lesson</h2>')
    expect(book).toContain('Answer GET / with hello.')
    expect(book).toContain('<strong>Who speaks first?</strong>')
    expect(book).toContain('A server only answers.')
    expect(book).toContain('<dt id="bold">bold</dt>\n<dd><p>Set in heavy letters.</p>')
  })

  test('says of each wrong option what is wrong with it', () => {
    expect(book).toMatch(/<b>([ab])\.<\/b> Because\.<\/p><p>Not (?!\1)[ab]: It is tempting\.<\/p>/)
  })

  test('has the drawings, and what they are drawn by', () => {
    expect(book).toContain('GET /drawn')
    expect(book).toContain('.picture .p-life {')
  })

  test('loads nothing, runs nothing and sends nothing', () => {
    expect(book).not.toMatch(/<script|<form|<link|<img|\ssrc=|url\(|@import/)
    expect(book).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`)
  })

  test('has the words of what can be tried out, and no empty place for it', () => {
    expect(book).toMatch(
      /<figcaption><a>Cookie playground<\/a><\/figcaption>\n<p>Try a life of 5 seconds\.<\/p>/,
    )
    expect(book).toContain('<body class="book">')
  })

  test('gives no solution, no hint and no stub away', () => {
    expect(book).not.toContain('SOLVED-BY-THE-AUTHOR')
    expect(book).not.toContain('Read the method.')
    expect(book).not.toContain('// TODO')
  })

  test('leads from each link to exactly one place in it', () => {
    const ids = [...book.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id)
    const links = [...book.matchAll(/ href="([^"]+)"/g)].map(([, address]) => address!)
    expect(new Set(ids).size).toBe(ids.length)
    expect(links).toContain('#second-lesson--how-long')
    expect(links).toContain('#exercise-say-hello')
    for (const link of links) expect(ids).toContain(link.slice(1))
    expect(book).toContain('The <a>search</a>')
  })

  test('is the same whenever it is made', async () => {
    expect(await renderBook(await loadCourseStrictly(root))).toBe(book)
  })
})

test('the book of the course itself gives none of its solutions away', async () => {
  const course = await loadCourseStrictly(resolvePaths({}).root)
  const whole = await renderBook(course)
  for (const exercise of course.sections.flatMap(({ lessons }) =>
    lessons.flatMap(({ exercises }) => exercises),
  )) {
    const lines = readFileSync(join(exercise.dir, 'solution', exercise.files[0]), 'utf8')
      .split('\n')
      .map((line) => line.trim())
    // What the stub gives is no part of the answer.
    const given = readFileSync(join(exercise.dir, 'stub', exercise.files[0]), 'utf8')
    const telling = lines.filter(
      (line) =>
        line.length > 40 &&
        !line.startsWith('//') &&
        !line.startsWith('import ') &&
        !given.includes(line),
    )
    expect(
      telling.filter((line) =>
        whole.includes(
          line.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;'),
        ),
      ),
    ).toEqual([])
  }
  const ids = [...whole.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id)
  for (const [, anchor] of whole.matchAll(/ href="#([^"]+)"/g)) expect(ids).toContain(anchor)
})

test('only tags are changed, never what they enclose', () => {
  expect(
    withinBook('<p>&lt;a href="/lessons/x"&gt; id="y" &lt;h2&gt;</p><h2 id="y">t</h2>', 's', 1),
  ).toBe('<p>&lt;a href="/lessons/x"&gt; id="y" &lt;h2&gt;</p><h3 id="s--y">t</h3>')
})
