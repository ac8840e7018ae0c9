import type { Exchange } from '../../../grader/types/index.ts'
import type { Step } from '../../../grader/report/svg/index.ts'

export type Side = (typeof sides)[number]

export const sides = ['client', 'server', 'nobody'] as const

/** A moment at which the replay stops and asks whose turn it is. */
export interface Turn {
  /** How many steps have happened by then. */
  readonly after: number
  readonly situation: string
  readonly right: Side
  /** Why each answer is right or wrong, in the order a reader may choose them. */
  readonly why: Readonly<Record<Side, string>>
}

/**
 * The moments of a recorded visit that are worth asking about: only those that this record really
 * has.
 */
export function turnsOf(steps: readonly Step[]): Turn[] {
  const document = steps.findIndex((step) => isRequest(step, '/'))
  const answered = steps.findIndex(
    (step) => step.kind === 'response' && step.exchange.request.path === '/',
  )
  const news = steps.findIndex((step) => step.kind === 'printed')
  const held = steps.findIndex(
    (step, index) => isRequest(step, '/news') && steps[index + 1]?.kind === 'printed',
  )
  return [
    ...(document === 0 ? [opening(0)] : []),
    ...(document !== -1 ? [asked(document + 1)] : []),
    ...(answered !== -1 && steps[answered + 1]?.kind === 'request' ? [named(answered + 1)] : []),
    ...(news !== -1 && !isOwed(steps, steps[news]!.at) ? [unasked(news + 1)] : []),
    ...(held !== -1 ? [awaited(held + 1)] : []),
  ]
}

function isRequest(step: Step, path: string): boolean {
  return step.kind === 'request' && step.exchange.request.path === path
}

/** Whether any answer was owed at that time. */
function isOwed(steps: readonly Step[], at: number): boolean {
  const exchanges: Exchange[] = steps.flatMap((step) =>
    step.kind === 'request' ? step.exchange : [],
  )
  return exchanges.some(
    ({ startedAt, response }) => startedAt <= at && (!response || response.endedAt > at),
  )
}

const opening = (after: number): Turn => ({
  after,
  situation: 'Your browser has opened a connection. Not one byte has been sent.',
  right: 'client',
  why: {
    client: 'The side that opened the connection asks first. The server has nothing to answer yet.',
    server:
      'In HTTP a server has no way to begin: what it sends is an answer, and nobody has asked.',
    nobody:
      'The server may only wait, but the client need not: it may ask at any time, and it is about to.',
  },
})

const asked = (after: number): Turn => ({
  after,
  situation: 'The request for the page has arrived, whole.',
  right: 'server',
  why: {
    client: 'The client has said all it had to say. It waits for the answer.',
    server: 'One request was made, so one answer is owed: the server speaks.',
    nobody: 'An answer is owed. The server may take its time, but the turn is its own.',
  },
})

const named = (after: number): Turn => ({
  after,
  situation:
    'The page has begun to arrive. Its markup names a style sheet, a script and a picture.',
  right: 'client',
  why: {
    client:
      'The browser reads the markup and asks for each file by itself. You asked for one address only.',
    server:
      'The server knows which files will be wanted, and may not send them: each answer belongs to a request.',
    nobody:
      'The server may only wait for the next request, but the client may make it, and does at once.',
  },
})

const unasked = (after: number): Turn => ({
  after,
  situation:
    'The page is complete and every request has its answer. Now the server learns something that the page should show.',
  right: 'nobody',
  why: {
    client:
      'The client may ask at any time, but it does not know that there is anything to ask for. Until it happens to ask, the news stays where it is.',
    server: 'It has something to say and no request to answer, so it may not say it.',
    nobody:
      'The server may only wait, with news at hand, until somebody asks. Nothing tells the client to.',
  },
})

const awaited = (after: number): Turn => ({
  after,
  situation: 'The script has asked for news again, but nothing has happened since.',
  right: 'server',
  why: {
    client: 'It has asked. It waits, as long as the server lets it.',
    server:
      'It owes an answer and may keep it back until there is something to say. If you look at the page, the server then seems to have spoken first.',
    nobody: 'An answer is owed. That the server waits before it gives it is its own choice.',
  },
})
