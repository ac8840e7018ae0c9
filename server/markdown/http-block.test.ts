import { describe, expect, test } from 'vitest'
import { renderHttpBlock } from './http-block.ts'

const sides = (html: string) =>
  [...html.matchAll(/wire-side">(\w+)(?: <span class="wire-remark">([^<]*))?/g)].map(
    ([, side, remark]) => [side, remark],
  )
const text = (html: string) => html.replaceAll(/<[^>]+>/g, '')

describe('which side speaks', () => {
  test('arrows alone on their line', () => {
    expect(sides(renderHttpBlock('→\nGET / HTTP/1.1\n\n←\nHTTP/1.1 204 No Content'))).toEqual([
      ['Request', undefined],
      ['Response', undefined],
    ])
  })

  test('arrows before the start line', () => {
    const html = renderHttpBlock('→ GET /start?a=b HTTP/1.1\nHost: x\n← HTTP/1.1 200 OK\nA: b')
    expect(sides(html)).toEqual([
      ['Request', undefined],
      ['Response', undefined],
    ])
    expect(text(html)).toContain('GET /start?a=b HTTP/1.1\nHost: x\n')
  })

  test('arrows with a remark', () => {
    expect(
      sides(renderHttpBlock('→ from you\nGET / HTTP/1.1\n→ from the stranger\nGET / HTTP/1.1')),
    ).toEqual([
      ['Request', 'from you'],
      ['Request', 'from the stranger'],
    ])
  })

  test('no arrows: the first line tells', () => {
    expect(sides(renderHttpBlock('HTTP/1.1 404 Not Found\nA: b'))).toEqual([
      ['Response', undefined],
    ])
    expect(sides(renderHttpBlock('GET / HTTP/1.1'))).toEqual([['Request', undefined]])
  })
})

test('start line, field names and what is left out stand out; the content does not', () => {
  const html = renderHttpBlock(
    'HTTP/1.1 200 OK\nContent-Type: text/plain\n…\n\nNot-A-Field: content',
  )
  expect(html).toContain('HTTP/1.1 <b class="w-start">200 OK</b>')
  expect(html).toContain('<span class="w-name">Content-Type</span>: text/plain')
  expect(html).toContain('<span class="w-elided">…</span>')
  expect(html).not.toContain('<span class="w-name">Not-A-Field')
})

test('line endings are shown where the author shows them', () => {
  const html = renderHttpBlock('GET / HTTP/1.1␍␊\nHost: x␍␊\n␍␊\nbody')
  expect(html.match(/<span class="w-ending">CRLF<\/span>/g)).toHaveLength(3)
  expect(text(html)).toContain('\nbody\n')
})
