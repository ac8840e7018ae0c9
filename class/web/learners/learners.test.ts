import { once } from 'node:events'
import express, { Router, type Response } from 'express'
import { expect, test } from 'vitest'
import { listenOnLoopback } from '../../../server/http/listen.ts'
import { routesOf, type Learner, type Learners } from './learners.ts'

test.each(['ends', 'is left'])(
  'a learner is in use until the stream that they read %s',
  async (how) => {
    const open = new Set<Response>()
    const router = Router().get('/stream', (_request, response) => void response.write('first'))
    const runs = { catchUp: async () => {} }
    const learner = { routers: [router], open, runs } as unknown as Learner
    const app = express().use(routesOf({ of: () => learner } as unknown as Learners, () => 'one'))
    const server = await listenOnLoopback(app, 0)
    try {
      const reading = new AbortController()
      const answer = await fetch(`http://127.0.0.1:${server.port}/stream`, {
        signal: reading.signal,
      })
      await answer.body!.getReader().read()
      expect(open.size).toBe(1)
      const [response] = open
      const closed = once(response!, 'close')
      if (how === 'ends') response!.end()
      else reading.abort()
      await closed
      expect(open.size).toBe(0)
    } finally {
      await server.close()
    }
  },
)
