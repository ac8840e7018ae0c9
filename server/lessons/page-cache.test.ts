import express from 'express'
import { expect, test } from 'vitest'
import { createPageCache } from './page-cache.ts'
import { listenOnLoopback } from '../http/listen.ts'
import { html } from '../ui/html.ts'

test('a page is made once for its key, and the oldest goes first', async () => {
  const made: string[] = []
  const pages = createPageCache(2)
  const app = express()
  app.get('/:id', (request, response) =>
    pages.send(response, [request.params.id], () => html`<p>${made.push(request.params.id)} ü</p>`),
  )
  const { port, close } = await listenOnLoopback(app, 0)
  const get = async (id: string, headers: Record<string, string> = {}) =>
    fetch(`http://localhost:${port}/${id}`, { headers })
  try {
    expect(await (await get('a')).text()).toBe('<p>1 ü</p>')
    const again = await get('a')
    expect(await again.text()).toBe('<p>1 ü</p>')
    expect([again.headers.get('Content-Type'), again.headers.get('Cache-Control')]).toEqual([
      'text/html; charset=utf-8',
      'private, no-cache',
    ])
    expect(
      (
        await get('a', {
          'If-None-Match': again.headers.get('ETag')!,
          'Cache-Control': 'max-age=0',
        })
      ).status,
    ).toBe(304)
    for (const id of ['b', 'c', 'a']) await get(id)
    expect(made).toEqual(['a', 'b', 'c', 'a'])
  } finally {
    await close()
  }
})
