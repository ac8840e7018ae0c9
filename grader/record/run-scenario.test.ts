import type { RequestListener } from 'node:http'
import { describe, expect, test, vi } from 'vitest'
import { record } from '../../testing/record-by-hand.ts'

const { loaded, noted } = vi.hoisted(() => {
  const names: string[] = []
  const keeping = (name: string) => async (original: () => Promise<object>) => {
    names.push(name)
    return { ...(await original()) }
  }
  return { loaded: names, noted: keeping }
})
vi.mock('./browser/page/page.ts', noted('page'))
vi.mock('./watch-requests.ts', noted('watch'))
vi.mock('./wire/raw/send-together.ts', noted('sendTogether'))
vi.mock('./wire/raw/raw-connection.ts', noted('connect'))

/** Answers /slow after a while that a program may take, /never not at all, the rest in two parts. */
const server: RequestListener = ({ url }, response) => {
  if (url === '/never') return
  if (url === '/slow') return void setTimeout(() => response.end('slow'), 1500)
  response.write('a'.repeat(1000))
  setTimeout(() => response.end('b'), 50)
}
const { signal } = new AbortController()

test('a scenario that sends a request loads nothing for what it does not use', async () => {
  const { facts } = await record(server, ({ send }) => send('/'))
  expect(facts!.response!.status).toBe(200)
  expect(loaded).toEqual([])
  await record(server, async ({ connect, sendTogether }) => {
    await connect()
    await sendTogether(['/'])
    return null
  })
  expect(loaded.toSorted()).toEqual(['connect', 'sendTogether'])
})

describe.each(['mid-response', 'before-response'] as const)('an answer cut %s', (at) => {
  test('by the scenario leaves the next request all of its time', async () => {
    const { facts } = await record(server, async ({ wire, send }) => {
      const cut = wire.cut({ when: '/', at, how: 'reset' })
      const first = await send('/')
      await cut.exchange()
      return { first, slow: await send('/slow') }
    })
    expect(facts.first!.injected).toMatchObject([{ kind: 'cut', moment: at }])
    expect(facts.first!.waitedMs).toBeUndefined()
    expect(facts.slow!.response).toMatchObject({ status: 200, complete: true })
  })

  test('by the scenario has nobody look whether the program is in a loop', async () => {
    const isBusy = vi.fn(async () => true)
    const { remarks } = await record(
      server,
      async ({ wire, send }) => {
        const cut = wire.cut({ when: '/', at, how: 'reset' })
        await send('/')
        await cut.exchange()
        return null
      },
      signal,
      { isBusy },
    )
    expect(isBusy).not.toHaveBeenCalled()
    expect(remarks).toEqual([])
  })
})

describe('whether the program is in a loop', () => {
  const ask = async (changed: object) => {
    const isBusy = vi.fn(async () => true)
    const { remarks } = await record(
      server,
      async ({ connect, until, exchanges }) => {
        const connection = await connect()
        await connection.write('GET /never HTTP/1.1\r\nHost: a\r\n\r\n')
        await until(() => exchanges().length > 0)
        return null
      },
      signal,
      { isBusy, ...changed },
    )
    return { calls: isBusy.mock.calls.length, remarks: remarks.map(({ id }) => id) }
  }

  test('is looked at where it owes an answer', async () => {
    expect(await ask({})).toEqual({ calls: 1, remarks: ['endless-loop'] })
  })

  test('is not where a server of the grader does', async () => {
    expect(await ask({ scripts: {} })).toEqual({ calls: 0, remarks: [] })
  })
})
