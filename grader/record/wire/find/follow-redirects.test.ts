import { describe, expect, test } from 'vitest'
import { exchange } from '../../../../testing/exchange-builder.ts'
import type { Exchange } from '../../../types/index.ts'
import { documentOf } from './follow-redirects.ts'

const BASE = 'http://127.0.0.1:4000'
const to = (target: string, location: string | null, status = 302) =>
  exchange({ target, status, ...(location !== null && { answers: [['location', location]] }) })
const ok = (target: string) => exchange({ target })

/**
 * What a visit of `target` finds, with these exchanges on the wire. `browser`: the addresses
 * Chromium went through, the last one answered.
 */
function follow(
  target: string,
  wire: readonly Exchange[],
  browser: { hops: readonly string[]; fromCache?: boolean } | null,
) {
  const left = [...wire]
  const take = (url: string) => {
    const index = left.findIndex(({ request }) => BASE + request.target === url.split('#', 1)[0])
    return index === -1 ? undefined : left.splice(index, 1)[0]
  }
  const response = browser && {
    url: () => BASE + browser.hops.at(-1)!,
    fromCache: () => browser.fromCache ?? false,
    request: () =>
      ({
        redirectChain: () => browser.hops.slice(0, -1).map((hop) => ({ url: () => BASE + hop })),
      }) as never,
  }
  const { document, followed } = documentOf(BASE + target, take, response)
  return [document?.request.target ?? null, followed.map(({ request }) => request.target)]
}

describe('documentOf', () => {
  test.each<[string, ReturnType<typeof follow>, unknown]>([
    ['the answer', follow('/a', [ok('/a')], { hops: ['/a'] }), ['/a', []]],
    [
      'with its query',
      follow('/a?b=c', [ok('/a'), ok('/a?b=c')], { hops: ['/a?b=c'] }),
      ['/a?b=c', []],
    ],
    ['nothing, from the cache', follow('/a', [], { hops: ['/a'], fromCache: true }), [null, []]],
    ['nothing at all', follow('/a', [], null), [null, []]],
    [
      'a redirect, and where it led',
      follow('/a', [to('/a', '/b?x'), to('/b?x', 'c', 307), ok('/c')], {
        hops: ['/a', '/b?x', '/c'],
      }),
      ['/a', ['/b?x', '/c']],
    ],
    [
      'where whole addresses with fragments lead',
      follow('/a', [to('/a', `${BASE}/b#c`, 303), ok('/b')], { hops: ['/a', '/b'] }),
      ['/a', ['/b']],
    ],
    ['a redirect that leads nowhere', follow('/a', [to('/a', null)], { hops: ['/a'] }), ['/a', []]],
    [
      '300 and 304, which are none',
      follow('/a', [to('/a', '/b', 304)], { hops: ['/a'] }),
      ['/a', []],
    ],
    [
      'an end that came from the cache',
      follow('/a', [to('/a', '/b')], { hops: ['/a', '/b'], fromCache: true }),
      ['/a', []],
    ],
    [
      'where a redirect from the cache led',
      follow('/a', [ok('/b')], { hops: ['/a', '/b'] }),
      [null, ['/b']],
    ],
    [
      'where one from the wire and one from the cache led',
      follow('/a', [to('/a', '/b'), ok('/c')], { hops: ['/a', '/b', '/c'] }),
      ['/a', ['/c']],
    ],
    [
      'a circle as far as it went',
      follow('/a', [to('/a', '/b'), to('/b', '/a'), to('/a', '/b')], null),
      ['/a', ['/b', '/a']],
    ],
    [
      'a redirect whose end could not be loaded',
      follow('/a', [to('/a', 'http://localhost:9/b')], null),
      ['/a', []],
    ],
    [
      'what was asked for, not where a script went next',
      follow('/a', [ok('/a'), ok('/next')], { hops: ['/next'] }),
      ['/a', []],
    ],
    [
      'not the same path of another server',
      follow('/a', [to('/a', 'http://localhost:9/b'), ok('/b')], { hops: ['/elsewhere'] }),
      ['/a', []],
    ],
  ])('finds %s', (_, found, expected) => {
    expect(found).toEqual(expected)
  })
})
