import type { RequestListener } from 'node:http'
import express from 'express'

/** A server for `/lamps`, by the lines that answer. */
export interface LampServer {
  readonly label: string
  /** What readers see. It answers as `answer` does. */
  readonly code: string
  readonly answer: RequestListener
  /** Why its answer to HEAD is as it is: a sentence. */
  readonly why: string
}

export type LampServerName = keyof typeof lampServers

/** What all of them send for a GET. */
export const page = '<!doctype html>\n<h1>Lamps</h1>\ndesk, floor'

const HTML = 'text/html; charset=utf-8'

export const lampServers = {
  node: {
    label: 'Node by itself',
    code: `response.setHeader('Content-Type', '${HTML}')
response.end(page)`,
    answer(_request, response) {
      response.setHeader('Content-Type', HTML)
      response.end(page)
    },
    why: 'Node leaves out the content of an answer to HEAD, and then it adds no length either.',
  },
  length: {
    label: 'Node, with a length',
    code: `response.setHeader('Content-Type', '${HTML}')
response.setHeader('Content-Length', Buffer.byteLength(page))
response.end(page)`,
    answer(_request, response) {
      response.setHeader('Content-Type', HTML)
      response.setHeader('Content-Length', Buffer.byteLength(page))
      response.end(page)
    },
    why: 'The same lines run for both methods, and Node leaves out only the content.',
  },
  express: {
    label: 'Express',
    code: `app.get('/lamps', (request, response) => {
  response.send(page)
})`,
    answer: express().get('/:name/lamps', (_request, response) => void response.send(page)),
    why: 'app.get() answers HEAD as well, and send() sets the length before the content is left out.',
  },
  branch: {
    label: 'a branch for HEAD',
    code: `if (request.method === 'HEAD') {
  response.setHeader('Content-Length', 0)
  return response.end()
}
response.setHeader('Content-Type', '${HTML}')
response.end(page)`,
    answer(request, response) {
      if (request.method === 'HEAD') {
        response.setHeader('Content-Length', 0)
        return void response.end()
      }
      response.setHeader('Content-Type', HTML)
      response.end(page)
    },
    why: 'A HEAD never reaches the lines for GET, so its answer has no type, and its length is that of an empty answer.',
  },
  'get-only': {
    label: 'GET alone',
    code: `if (request.method !== 'GET') {
  response.writeHead(405, { Allow: 'GET' })
  return response.end()
}
response.setHeader('Content-Type', '${HTML}')
response.end(page)`,
    answer(request, response) {
      if (request.method !== 'GET') {
        response.writeHead(405, { Allow: 'GET' })
        return void response.end()
      }
      response.setHeader('Content-Type', HTML)
      response.end(page)
    },
    why: 'The code forgot that HEAD asks for the head of GET. A client now has to ask again with GET.',
  },
} as const satisfies Record<string, LampServer>

export function isLampServer(name: unknown): name is LampServerName {
  return typeof name === 'string' && Object.hasOwn(lampServers, name)
}
