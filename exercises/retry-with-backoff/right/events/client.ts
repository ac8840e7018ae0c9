import { Agent, request, type IncomingMessage } from 'node:http'

const agent = new Agent({ keepAlive: true, maxSockets: 200 })
const REPEATABLE = new Set([502, 503, 504])

interface Task {
  url: string
  method: string
  headers: Record<string, string>
  body: string | undefined
  hasKey: boolean
  left: number
  limit: number
  cap: number
  resolve: (answer: { status: number; body: string }) => void
  reject: (error: Error) => void
}

/** Callbacks only: the content of an answer that is not wanted is destroyed unread. */
export function sendWithRetry(
  url: string,
  asked: { method?: string; headers?: Record<string, string>; body?: string } = {},
  { tries = 5, base = 100, cap = 2000 } = {},
): Promise<{ status: number; body: string }> {
  const { method = 'GET', headers = {}, body } = asked
  const hasKey = /(^|\n)idempotency-key(\n|$)/i.test(Object.keys(headers).join('\n'))
  return new Promise((resolve, reject) =>
    attempt({
      url,
      method,
      headers,
      body,
      hasKey,
      left: tries,
      limit: base,
      cap,
      resolve,
      reject,
    }),
  )
}

function attempt(task: Task) {
  const { url, method, headers, body } = task
  task.left--
  let isSettled = false
  const fail = (error: Error) => {
    if (isSettled) return
    isSettled = true
    if (task.left > 0 && isIdempotent(task)) later(task)
    else task.reject(error)
  }
  request(url, { agent, method, headers: { 'user-agent': 'events/1', ...headers } })
    .on('error', fail)
    .on('response', (response) => {
      const status = Number(response.statusCode)
      const may = status === 429 || (REPEATABLE.has(status) && isIdempotent(task))
      if (may && task.left > 0) {
        isSettled = true
        response.on('error', () => {}).destroy()
        return later(task, response.headers['retry-after'])
      }
      collect(response, fail, (text) => task.resolve({ status, body: text }))
    })
    .end(body)
}

function collect(response: IncomingMessage, fail: (e: Error) => void, done: (t: string) => void) {
  const pieces: Buffer[] = []
  response
    .on('data', (piece) => pieces.push(piece))
    .on('error', fail)
    .on('end', () => done(Buffer.concat(pieces).toString()))
}

function isIdempotent({ method, hasKey }: Task) {
  return hasKey || /^(GET|HEAD|PUT|DELETE|OPTIONS)$/.test(method)
}

function later(task: Task, hint?: string) {
  const random = Math.random() * Math.min(task.limit, task.cap)
  task.limit *= 2
  const until = hint?.endsWith('GMT')
    ? Date.parse(hint)
    : Date.now() + (hint ? Number.parseInt(hint, 10) * 1000 : random)
  // A timer may be early by a part of a millisecond.
  setTimeout(attempt, until - Date.now() + 1, task)
}
