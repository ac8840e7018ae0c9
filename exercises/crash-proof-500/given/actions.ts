import type { IncomingMessage, ServerResponse } from 'node:http'
import { setTimeout } from 'node:timers/promises'

/** Answers a request, or fails: by an exception or by a promise that is rejected. */
export type Action = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>

/** What the shop does, by path. Each is asked with `?order=…`. */
export const actions: Readonly<Record<string, Action>> = {
  /** Answers at once. */
  '/ok': (request, response) => {
    response.end(`Order ${orderOf(request)} is on its way.\n`)
  },

  /** Throws an exception before it has sent anything. */
  '/throws': (request) => {
    throw refused(request)
  },

  /** Gives a promise, which is rejected a moment later, before anything was sent. */
  '/rejects': async (request) => {
    await setTimeout(20)
    throw refused(request)
  },

  /** Sends the head and the first line of a list, and fails then. */
  '/late': async (request, response) => {
    response.writeHead(200, { 'Content-Type': 'text/csv' })
    await new Promise((resolve) => response.write('item,price\n', resolve))
    throw refused(request)
  },

  /** Sends nothing, and gives a promise that never settles. */
  '/hangs': () => new Promise<void>(() => {}),

  /** Answers as soon as somebody has asked for `/go`. */
  '/waits': async (request, response) => {
    await gate.promise
    response.end(`Order ${orderOf(request)} has waited.\n`)
  },

  /** Lets all answer that wait. From then on `/waits` answers at once. */
  '/go': (_, response) => {
    gate.resolve()
    response.end('Go.\n')
  },
}

const gate = Promise.withResolvers<void>()

function refused(request: IncomingMessage): Error {
  return new Error(
    `Order ${orderOf(request)} failed: the database refuses the password ${process.env.PASSWORD}`,
  )
}

function orderOf({ url = '/' }: IncomingMessage): string {
  return new URL(url, 'http://localhost').searchParams.get('order') ?? 'without a number'
}
