import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { begin, fixtureReport, scriptedGrade } from '../../testing/sample-grading.ts'
import { startFixtureServer, type FixtureServer } from '../../testing/sample-server.ts'

let server: FixtureServer
beforeAll(async () => {
  const { grade } = scriptedGrade(async (script) => {
    begin(script)
    return fixtureReport(script.run, { exercise: 'other--say-hello' })
  })
  server = await startFixtureServer({
    grade,
    otherFiles: {
      'lessons/course.md':
        '---\nid: other\ntitle: Another course\nsummary: Beside it.\n---\nBegin with [this](/lessons/first-lesson).\n',
      'lessons/01-start/02-second.md':
        '---\nid: second-lesson\ntitle: The second lesson\nminutes: 5\nneeds: [first-lesson]\nobjectives:\n  - Say more\n---\nZebras.\n',
    },
  })
})
afterAll(() => server.close())

describe('a course beside another', () => {
  test('is listed with it, each with its own way on', async () => {
    const html = await server.page('/courses')
    expect(html).toContain('<a href="/">A small course</a>')
    expect(html).toContain('<a href="/courses/other">Another course</a>')
    expect(
      [...html.matchAll(/class="button primary" href="([^"]+)"/g)].map(([, address]) => address),
    ).toEqual(['/lessons/first-lesson', '/lessons/other--first-lesson'])
  })

  test('has a page of its own, whose links stay within it', async () => {
    const html = await server.page('/courses/other')
    expect(html).toContain('<title>Another course</title>')
    expect(html).toContain(
      '<a href="/courses">All courses</a>'.replace('<a ', '<a class="course-link" '),
    )
    expect(html).toContain('Begin with <a href="/lessons/other--first-lesson">this</a>.')
    expect(html).toContain('Recommended first: <a href="/lessons/other--first-lesson">')
    expect(html).toContain('0 of 2 lessons done')
  })

  test('has lessons that lead back to it, and on to no other course', async () => {
    const html = await server.page('/lessons/other--second-lesson')
    expect(html).toContain('<title>The second lesson · Another course</title>')
    expect(html).toContain('<p class="eyebrow"><a href="/courses/other#start">Start</a></p>')
    expect(html).toContain('rel="prev" aria-keyshortcuts="k" href="/lessons/other--first-lesson"')
    expect(html).not.toContain('rel="next"')
    expect(await server.page('/lessons/first-lesson')).not.toMatch(/rel="next"/)
  })

  test('keeps its own progress, answers and files, although the ids are the same', async () => {
    await server.submit('/lessons/other--first-lesson/read')
    const answer = await server.submit('/questions/other--who-speaks-first/answer', { option: '0' })
    expect(answer.headers.get('Location')).toBe(
      '/lessons/other--first-lesson#quiz-other--who-speaks-first',
    )
    expect(await server.page('/lessons/other--first-lesson')).toContain('data-answer="right"')
    expect(await server.page('/lessons/first-lesson')).not.toContain('data-answer')
    expect(await server.page('/courses/other')).toContain('1 of 2 lessons done')
    expect(await server.page('/')).toContain('0 of 1 lesson done')
    await server.page('/exercises/other--say-hello')
    expect(existsSync(join(server.paths.work, 'other--say-hello', 'server.ts'))).toBe(true)
    expect(existsSync(join(server.paths.work, 'say-hello'))).toBe(false)
  })

  test('has runs and submissions that lead back to it, and commands that know its exercises', async () => {
    const answer = await server.post('/api/exercises/other--say-hello/submit')
    const { run } = (await answer.json()) as { run: string }
    await expect
      .poll(async () => (await server.get(`/api/runs/${run}`)).json())
      .toMatchObject({ state: 'over' })
    const [submission] = await server.store.submissions('other--say-hello')
    for (const page of [`/runs/${run}`, `/submissions/${submission!.id}`]) {
      expect(await server.page(page)).toContain(' · Another course</title>')
      expect(await server.page(page)).toContain('href="/courses/other">Another course</a>')
    }
    expect(await server.page('/exercises/other--say-hello')).toContain(
      `npm run grade -- other--say-hello --course ${server.paths.root}`,
    )
  })

  test('is searched, too', async () => {
    expect(await server.page('/search?q=zebras')).toContain(
      '<a href="/lessons/other--second-lesson">',
    )
  })

  test('the first course stays at its addresses; an unknown one is none', async () => {
    expect((await server.get('/courses/small')).headers.get('Location')).toBe('/')
    expect((await server.get('/courses/unheard-of')).status).toBe(404)
  })
})

test('one course alone says nothing of others', async () => {
  const alone = await startFixtureServer()
  expect(await alone.page('/')).not.toContain('All courses')
  await alone.close()
})
