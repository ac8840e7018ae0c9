import { describe, expect, test } from 'vitest'
import { chartSummary as summary } from '../../grader/report/svg/index.ts'
import type { Exhibit, CookieChart } from '../../grader/types/index.ts'
import { exhibitView } from './exhibit.ts'
import { chart } from './cookie-chart.ts'

const view = (exhibit: Exhibit) => String(exhibitView(exhibit, '8f3100aa'))
const evil = '<img src=x onerror=alert(1)>"\'&'

describe('what a learner’s program sent is text', () => {
  test.each<[string, Exhibit]>([
    [
      'message',
      {
        kind: 'message',
        exchange: 1,
        side: 'response',
        summary: evil,
        lines: [{ text: evil, mark: [0, 5] }, { text: evil }],
      },
    ],
    ['table', { kind: 'table', title: evil, columns: [evil], rows: [[evil]] }],
    ['text', { kind: 'text', title: evil, lines: [{ text: evil, mark: [2, 400] }] }],
    [
      'cookie-chart',
      {
        kind: 'cookie-chart',
        label: evil,
        seconds: 15,
        samples: [{ at: 1, sent: true, exchange: 1 }],
        expiry: 10,
      },
    ],
  ])('%s', (_kind, exhibit) => {
    const html = view(exhibit)
    expect(html).not.toMatch(/<img/i)
    expect(html.replaceAll(/<\/?mark>|<span class="sr-only">[^<]*<\/span>/g, '')).toContain(
      'img src=x onerror=alert(1)&gt;',
    )
  })

  test('control and reordering characters are shown, not sent on', () => {
    const html = view({
      kind: 'text',
      title: 'Log',
      lines: [{ text: 'a\u001b[31mb\u0000c\u202ed\r\te' }],
    })
    expect(html).toContain('a\\x1b[31mb\\x00c\\u202ed\\x0d\te')
  })
})

describe('a message', () => {
  const message: Exhibit = {
    kind: 'message',
    exchange: 7,
    side: 'response',
    summary: 'GET /start → 200',
    lines: [{ text: 'Set-Cookie: a=b; Max-Age=0', mark: [17, 26] }],
  }

  test('marks the characters, and names them to those who cannot see the mark', () => {
    expect(view(message)).toContain(
      'Set-Cookie: a=b; <mark><span class="sr-only">here: </span>Max-Age=0<span class="sr-only"> (end)</span></mark>',
    )
  })

  test('leads to the whole exchange', () => {
    expect(view(message)).toContain('href="/runs/8f3100aa#exchange-7"')
  })

  test('marks a place where something is missing', () => {
    expect(view({ ...message, lines: [{ text: 'Set-Cookie: a=b', mark: [15, 15] }] })).toContain(
      'a=b<mark><span class="sr-only">here: </span><span class="gap">',
    )
  })
})

describe('a cookie chart', () => {
  const exhibit: CookieChart = {
    kind: 'cookie-chart',
    label: 'token',
    seconds: 15,
    samples: [1, 5, 9, 11, 14].map((at) => ({ at, sent: at < 10, exchange: at })),
    expiry: 10,
  }

  test('says in a sentence what it shows', () => {
    expect(summary(exhibit)).toBe('sent with 3 requests, last at 9.0 s; not sent from 11.0 s on')
    expect(summary({ ...exhibit, samples: [], expiry: null })).toBe('no request yet')
    expect(summary({ ...exhibit, samples: exhibit.samples.slice(3) })).toBe(
      'never sent; not sent from 11.0 s on',
    )
    expect(summary({ ...exhibit, expiry: null })).toContain('the browser’s jar has no end for it')
  })

  test('tells sent from not sent by shape', () => {
    const html = view(exhibit).split('<p class="legend">')[0]!
    expect(html.match(/<line class="sent"/g)).toHaveLength(3)
    expect(html.match(/<circle class="unsent"/g)).toHaveLength(2)
    expect(html.match(/class="expiry"/g)).toHaveLength(1)
  })

  test('has a text alternative for those who do not see it', () => {
    const html = view(exhibit)
    expect(html).toContain('role="img" aria-label="The life of token: sent with 3 requests')
    expect(html.match(/<tr><td>/g)).toHaveLength(5)
    expect(html).toContain('<td>11.0 s</td><td>not sent</td>')
  })

  test('while it grows, has a row for each request', () => {
    const html = String(chart({ ...exhibit, expiry: null }, { live: true }))
    expect(html.match(/<li>/g)).toHaveLength(5)
    expect(html).not.toContain('the browser’s jar has no end')
  })
})
