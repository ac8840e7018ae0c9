import { expect, test } from 'vitest'
import { cellOf, isRedirect, type Arrival, type Cell } from './redirects.ts'

const old = (method: string, content = ''): Arrival => ({ at: 'old', method, content })
const arrived = (method: string, content = ''): Arrival => ({ at: 'new', method, content })

test.each<[string, Parameters<typeof cellOf>, Omit<Cell, 'sent'>]>([
  [
    'a POST becomes a GET, both times',
    ['POST', [old('POST', 'a=1'), arrived('GET'), old('POST', 'a=1'), arrived('GET')]],
    { arrived: 'GET', withContent: false, second: 'asked' },
  ],
  [
    'a POST stays, with its content',
    [
      'POST',
      [old('POST', 'a=1'), arrived('POST', 'a=1'), old('POST', 'a=1'), arrived('POST', 'a=1')],
    ],
    { arrived: 'POST', withContent: true, second: 'asked' },
  ],
  [
    'a POST stays, and loses its content',
    ['POST', [old('POST', 'a=1'), arrived('POST'), old('POST', 'a=1'), arrived('POST')]],
    { arrived: 'POST', withContent: false, second: 'asked' },
  ],
  [
    'the second GET skips the old address',
    ['GET', [old('GET'), arrived('GET'), arrived('GET')]],
    { arrived: 'GET', withContent: false, second: 'skipped' },
  ],
  [
    'the first GET skips it, too',
    ['GET', [arrived('GET'), arrived('GET')]],
    { arrived: 'GET', withContent: false, second: 'skipped' },
  ],
  [
    'only the first visit arrives',
    ['DELETE', [old('DELETE'), arrived('DELETE'), old('DELETE')]],
    { arrived: 'DELETE', withContent: false, second: null },
  ],
  [
    'nothing arrives',
    ['PUT', [old('PUT', 'a=1')]],
    { arrived: null, withContent: false, second: null },
  ],
  ['nothing comes', ['PUT', []], { arrived: null, withContent: false, second: null }],
  [
    'a browser asks twice by itself',
    ['GET', [old('GET'), old('GET'), arrived('GET'), old('GET'), old('GET'), arrived('GET')]],
    { arrived: 'GET', withContent: false, second: 'asked' },
  ],
])('%s', (_name, [sent, arrivals], expected) => {
  expect(cellOf(sent, arrivals)).toEqual({ sent, ...expected })
})

test.each([300, 304, 305, '301', '', null, undefined, [301], {}, Number.NaN])(
  '%j is none of the five',
  (status) => {
    expect(isRedirect(status)).toBe(false)
  },
)
