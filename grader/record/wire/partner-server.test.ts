import { expect, test } from 'vitest'
import { createClock } from '../timing/clock.ts'
import { createIdSource } from './id-source.ts'
import { startOrigin, type Answer } from './partner-server.ts'

test('a field without a value is left out of an answer', async () => {
  const etags: Record<string, string> = { '/a': '"one"' }
  // An ordinary union: this has to compile.
  const answer: Answer = ({ path }) => {
    const headers = { ETag: etags[path], Vary: ['Accept', 'Cookie'] }
    return path === '/gone' ? { status: 410, headers, body: undefined } : { headers, body: path }
  }
  const origin = await startOrigin('the partner', answer, createClock(), createIdSource())
  const ask = async (path: string) => {
    const { status, headers } = await fetch(`${origin.url}${path}`)
    return [status, headers.get('etag'), headers.get('vary')]
  }
  try {
    expect(await ask('/a')).toEqual([200, '"one"', 'Accept, Cookie'])
    expect(await ask('/b')).toEqual([200, null, 'Accept, Cookie'])
    expect(await ask('/gone')).toEqual([410, null, 'Accept, Cookie'])
  } finally {
    await origin.close()
  }
})
