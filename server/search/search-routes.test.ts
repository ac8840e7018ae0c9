import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startFixtureServer, type FixtureServer } from '../../testing/sample-server.ts'

let server: FixtureServer
beforeAll(async () => {
  server = await startFixtureServer({
    files: {
      'lessons/01-start/02-second.md':
        '---\nid: second-lesson\ntitle: The <second> lesson\nminutes: 5\nneeds: []\nterms:\n  lid: It closes a jar.\nobjectives:\n  - Say more\n---\n## A jar of `a & b` {#jar}\n\nA <script>jar</script> keeps what it is given. A **lid** closes it.\n',
    },
  })
})
afterAll(() => server.close())

const api = async (path: string) => (await server.get(path)).json() as Promise<any>

describe('the search page', () => {
  test('asks for words, by a form that needs no script', async () => {
    const html = await server.page('/search')
    expect(html).toContain('<form class="search-form" role="search" action="/search">')
    expect(html).not.toContain('class="found"')
  })

  test('shows where the words stand, marked, and shows markup as the text it is', async () => {
    const html = await server.page('/search?q=jar')
    expect(html).toContain('<a href="/lessons/second-lesson#jar">A jar of a &amp; b</a>')
    expect(html).toContain('A &lt;script&gt;<mark>jar</mark>&lt;/script&gt; keeps')
    expect(html).toContain('1 place for “jar”')
  })

  test('says when there is nothing, and repeats no markup', async () => {
    const html = await server.page(
      `/search?q=${encodeURIComponent('"><img src=x onerror=alert(1)> zzz')}`,
    )
    expect(html).toContain('Nothing in the lessons and exercises has these words.')
    expect(html).toContain('value="&quot;&gt;&lt;img src=x onerror=alert(1)&gt; zzz"')
    expect(html).not.toContain('<img')
  })

  test.each([
    '/search?q=a&q=b',
    '/search?q[]=a',
    `/search?q=${'x'.repeat(5000)}`,
    '/search?q=%22%20OR%20*',
    '/search?q=%00',
  ])('%s is a search like any other', async (path) => {
    expect((await server.get(path)).status).toBe(200)
  })
})

describe('what the palette asks for', () => {
  test('places in the text, with their address', async () => {
    expect(await api('/api/search?q=keeps')).toMatchObject([
      { kind: 'lesson', address: '/lessons/second-lesson#jar', heading: 'A jar of a & b' },
    ])
  })

  test('everything to go to: the way on first, then lessons, exercises and headings', async () => {
    expect(await api('/api/palette')).toEqual([
      {
        kind: 'Go to',
        title: 'Continue: The first lesson',
        hint: 'read',
        address: '/lessons/first-lesson',
      },
      expect.objectContaining({ title: 'Course and progress', address: '/' }),
      expect.objectContaining({ title: 'Review', address: '/review' }),
      expect.objectContaining({ title: 'Glossary', address: '/glossary' }),
      expect.objectContaining({ title: 'Search page', address: '/search' }),
      { kind: 'Lesson', title: 'The first lesson', hint: '', address: '/lessons/first-lesson' },
      { kind: 'Lesson', title: 'The <second> lesson', hint: '', address: '/lessons/second-lesson' },
      { kind: 'Exercise', title: 'Say hello', hint: '', address: '/exercises/say-hello' },
      {
        kind: 'Heading',
        title: 'How long it lives',
        hint: 'The first lesson',
        address: '/lessons/first-lesson#how-long',
      },
      {
        kind: 'Heading',
        title: 'A jar of a & b',
        hint: 'The <second> lesson',
        address: '/lessons/second-lesson#jar',
      },
      { kind: 'Term', title: 'lid', hint: 'in the glossary', address: '/glossary#lid' },
    ])
  })

  test('the states of what was done', async () => {
    await server.submit('/lessons/second-lesson/read')
    expect(await api('/api/palette')).toContainEqual({
      kind: 'Lesson',
      title: 'The <second> lesson',
      hint: 'done',
      address: '/lessons/second-lesson',
    })
  })
})
