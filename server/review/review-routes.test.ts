import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { fixtureFiles } from '../../testing/sample-course.ts'
import { startFixtureServer, type FixtureServer } from '../../testing/sample-server.ts'

let server: FixtureServer
beforeEach(async () => {
  const lesson = fixtureFiles['lessons/01-start/01-first.md'].replace(
    'Prose.',
    'A **cookie** is a small `value`.',
  )
  server = await startFixtureServer({
    files: {
      'lessons/01-start/01-first.md': lesson
        .replace('## How', 'Its **life & end** is short.\n\n## How')
        .replace(
          '- Say hello\n',
          '- Say hello\nterms:\n  cookie: A small `value`.\n  life & end: From set to gone.\n',
        ),
    },
  })
})
afterEach(() => server.close())

const question = '/questions/who-speaks-first/answer'
const form = (html: string) => /<form class="quiz"[\s\S]*?<\/form>/.exec(html)?.[0]

test('the glossary has each term with its meaning and the way to its lesson', async () => {
  const html = await server.page('/glossary')
  expect(html).toContain('<dt id="cookie">cookie</dt>')
  expect(html).toContain('<p>A small <code>value</code>.</p>')
  expect(html).toContain('<dt id="life-end">life &amp; end</dt>')
  expect(html).toContain('<a href="/lessons/first-lesson">The first lesson</a>')
})

describe('the review', () => {
  test('has nothing for who missed nothing', async () => {
    await server.submit(question, { option: '0' })
    const html = await server.page('/review')
    expect(html).toContain('Nothing to review.')
    expect(form(html)).toBeUndefined()
    expect(await server.page('/')).toContain('<a href="/review">Review</a>')
  })

  test('brings back what was missed, without the answer given then', async () => {
    await server.submit(question, { option: '1' })
    expect(await server.page('/')).toContain('<a href="/review">Review 1 question</a>')
    const html = await server.page('/review')
    expect(html).toContain('1 question to answer again.')
    expect(html).toContain(
      '<a href="/lessons/first-lesson#quiz-who-speaks-first">The first lesson</a>',
    )
    expect(form(html)).not.toContain('checked')
    expect(form(html)).not.toContain('A server only answers.')
  })

  test('comes back to itself after an answer, shows that one, and keeps what was corrected for another time', async () => {
    await server.submit(question, { option: '1' })
    const answer = await server.submit(question, { option: '0', from: 'review' })
    expect(answer.headers.get('Location')).toBe(
      '/review?answered=who-speaks-first#quiz-who-speaks-first',
    )
    const html = await server.page('/review?answered=who-speaks-first')
    expect(html).toContain(
      '<details open><summary>1 question you missed once and answered rightly since</summary>',
    )
    expect(form(html)).toContain('data-answer="right"')
    expect(form(await server.page('/review'))).not.toContain('data-answer')
  })
})
