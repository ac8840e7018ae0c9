import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openStore } from '../../store/open-store.ts'
import { startFixtureServer, type FixtureServer } from '../../testing/sample-server.ts'

let server: FixtureServer
beforeEach(async () => {
  server = await startFixtureServer()
})
afterEach(() => server.close())

const question = '/questions/who-speaks-first/answer'
const form = async () =>
  /<form class="quiz"[\s\S]*?<\/form>/.exec(await server.page('/lessons/first-lesson'))![0]

describe('a lesson', () => {
  test('has its title once, a table of contents when it is long, and its exercises', async () => {
    const html = await server.page('/lessons/first-lesson')
    expect(html.match(/<h1/g)).toHaveLength(1)
    expect(html).toContain('<h2 id="how-long">How long it lives')
    expect(html).toContain('<a href="/exercises/say-hello">Say hello</a>')
    expect(html).toContain('<p class="eyebrow"><a href="/#start">Start</a></p>')
  })

  test('is read to its end by the button, and says so', async () => {
    const answer = await server.submit('/lessons/first-lesson/read')
    expect(answer.status).toBe(303)
    expect(answer.headers.get('Location')).toBe('/lessons/first-lesson#lesson-end')
    const html = await server.page('/lessons/first-lesson')
    expect(html).toContain('You have read this lesson.')
    expect(html).toContain('One question is still open above.')
    expect(html).not.toContain('Mark as read')
  })

  test('shows at once what a command has kept meanwhile, and what the reader chose', async () => {
    expect(await server.page('/lessons/first-lesson')).toContain('data-fraction="0"')
    const command = openStore(server.paths.store)
    await command.markLesson('first-lesson', 1)
    command.close()
    expect(await server.page('/lessons/first-lesson')).toContain('data-fraction="1"')
    expect(
      await (await server.get('/lessons/first-lesson', { Cookie: 'theme=dark' })).text(),
    ).toContain('data-theme="dark"')
    expect(await server.page('/lessons/first-lesson')).not.toContain('data-theme')
  })

  test('keeps how far a script saw it read, and never less', async () => {
    expect((await server.post('/lessons/first-lesson/read', { fraction: 0.5 })).status).toBe(200)
    await server.post('/lessons/first-lesson/read', { fraction: 0.2 })
    expect(await server.store.lessonReads()).toMatchObject([
      { lessonId: 'first-lesson', fraction: 0.5 },
    ])
  })

  test.each([-1, 2, '1', null, 'x'])('does not take %j for a fraction', async (fraction) => {
    const answer = await server.post('/lessons/first-lesson/read', { fraction })
    expect(answer.status).toBe(fraction === null ? 200 : 400)
    if (fraction !== null) expect(await server.store.lessonReads()).toEqual([])
  })

  test('opening it changes nothing', async () => {
    await server.page('/lessons/first-lesson')
    expect(await server.store.records()).toEqual({ answers: [], verdicts: [], reads: [] })
  })
})

describe('a question', () => {
  test('is a form with a labelled group of choices, and gives nothing away', async () => {
    const html = await form()
    expect(html).toContain('method="post" action="/questions/who-speaks-first/answer"')
    expect(html).toMatch(/<fieldset>\s*<legend>Who speaks first\?<\/legend>/)
    expect(
      html.match(/<label class="option"><input type="radio" name="option" value="[01]" required>/g),
    ).toHaveLength(2)
    expect(html).not.toContain('A server only answers.')
    expect(html).not.toMatch(/correct|right/)
  })

  test('is answered without a script, kept, and explained', async () => {
    const answer = await server.submit(question, { option: '0' })
    expect(answer.status).toBe(303)
    expect(answer.headers.get('Location')).toBe('/lessons/first-lesson#quiz-who-speaks-first')
    expect(await server.store.answers()).toMatchObject([
      { questionId: 'who-speaks-first', option: 'The client', correct: true },
    ])
    const html = await form()
    expect(html).toContain('data-answer="right"')
    expect(html).toMatch(
      /class="option chosen"><input type="radio" name="option" value="0" required checked>/,
    )
    expect(html).toContain('Right.')
    expect(html).toContain('A server only answers.')
  })

  test('can be answered again', async () => {
    await server.submit(question, { option: '1' })
    expect(await form()).toContain('data-answer="wrong"')
    await server.submit(question, { option: '0' })
    expect(await form()).toContain('data-answer="right"')
  })

  test('is answered in place by a script', async () => {
    const answer = await server.post(question, { option: '1' })
    const { correct, outcome } = (await answer.json()) as { correct: boolean; outcome: string }
    expect(correct).toBe(false)
    expect(outcome).toContain('Not quite.')
    expect(outcome).toContain('<p>It has the answers, but nobody asked.</p>')
    expect(outcome).toContain(
      '<details><summary>Show the explanation</summary><p>A server only answers.</p></details>',
    )
  })

  test.each(['2', '-1', '', 'x', '1e0', '__proto__'])('the option %j is none', async (option) => {
    expect((await server.submit(question, { option })).status).toBe(400)
    expect(await server.store.answers()).toEqual([])
  })

  test('that is not in the course is none', async () => {
    expect((await server.submit('/questions/another/answer', { option: '0' })).status).toBe(404)
  })
})
