import { Agent, request, type IncomingMessage } from 'node:http'
import { text } from 'node:stream/consumers'
import { createGunzip } from 'node:zlib'

export interface Visit {
  readonly origin: string
  /** Where the learner is, as a reverse proxy says it: wrong codes are counted by address. */
  readonly address: string
  readonly code: string
  readonly lesson: string
  readonly exercise: string
  /** Called with the milliseconds of each answer. */
  readonly onAnswer: (what: Step, ms: number) => void
}

export type Step = 'log in' | 'read a page' | 'submit' | 'verdict'

const agent = new Agent({ keepAlive: true, maxSockets: 400 })

/**
 * A learner comes in with their code, reads a lesson and an exercise, submits the exercise as it is
 * and follows the grading to its end, as a browser does. @throws Error for any other answer
 */
export async function visit({
  origin,
  address,
  code,
  lesson,
  exercise,
  onAnswer,
}: Visit): Promise<void> {
  const timed = async <Result>(what: Step, action: () => Promise<Result>): Promise<Result> => {
    const startedAt = performance.now()
    const result = await action()
    onAnswer(what, performance.now() - startedAt)
    return result
  }
  const login = new URLSearchParams({ code, next: '/' }).toString()
  const entered = await timed('log in', () =>
    ask(`${origin}/access`, 303, {
      method: 'POST',
      headers: {
        origin,
        'x-forwarded-for': address,
        'content-type': 'application/x-www-form-urlencoded',
      },
      body: login,
    }),
  )
  const cookie = entered.headers['set-cookie']![0]!.split(';')[0]!
  await timed('read a page', () => ask(`${origin}/lessons/${lesson}`, 200, { headers: { cookie } }))
  const page = await timed('read a page', () =>
    ask(`${origin}/exercises/${exercise}`, 200, { headers: { cookie } }),
  )
  const token = /<meta name="token" content="([^"]+)">/.exec(page.body)![1]!
  const submittedAt = performance.now()
  const submitted = await timed('submit', () =>
    ask(`${origin}/api/exercises/${exercise}/submit`, 202, {
      method: 'POST',
      headers: { cookie, origin, 'x-roundtrip-token': token },
    }),
  )
  const { run } = JSON.parse(submitted.body) as { run: string }
  const events = await ask(`${origin}/api/runs/${run}/events`, 200, {
    headers: { cookie, 'sec-fetch-site': 'same-origin' },
  })
  if (!events.body.includes('event: end')) throw new Error(`Run ${run} did not end.`)
  onAnswer('verdict', performance.now() - submittedAt)
}

interface Asking {
  readonly method?: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
}

async function ask(
  url: string,
  expected: number,
  { method = 'GET', headers, body }: Asking,
): Promise<{ readonly headers: IncomingMessage['headers']; readonly body: string }> {
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    request(url, { agent, method, headers: { ...headers, 'accept-encoding': 'gzip' } })
      .once('response', resolve)
      .once('error', reject)
      .end(body)
  })
  const isPacked = answer.headers['content-encoding'] === 'gzip'
  const content = await text(isPacked ? answer.pipe(createGunzip()) : answer)
  if (answer.statusCode !== expected)
    throw new Error(`${method} ${url}: ${answer.statusCode} ${content.slice(0, 200)}`)
  return { headers: answer.headers, body: content }
}
