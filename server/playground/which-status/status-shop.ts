import { randomBytes } from 'node:crypto'
import { cards, MOST_CONTENT, PAUSE_MS, type Card, type Received } from './cards.ts'
import { statuses, type Status } from './statuses.ts'

/** An answer of the shop. */
export interface Answer {
  readonly status: number
  readonly fields: Readonly<Record<string, string>>
  readonly content: string
}

/** The shop, which answers with the chosen status whatever it can't do. */
export interface StatusShop {
  /** Begins a try: the name under which its requests come. */
  open(card: Card, status: Status): string
  /** Undefined for an unknown try, or one that has had its requests. */
  answer(name: string, request: Omit<Received, 'after'>): Answer | undefined
  /** What a try is about, once a request of it has been answered. */
  find(name: string): { readonly card: Card; readonly status: Status } | undefined
}

/** So many tries are known at once, and a client of ours sends no more than this for each. */
const MOST_TRIES = 50
const MOST_REQUESTS = 3

interface Try {
  readonly card: Card
  readonly status: Status
  readonly times: number[]
}

/** `now`: milliseconds that never go back. */
export function createStatusShop(now: () => number = () => performance.now()): StatusShop {
  const tries = new Map<string, Try>()
  return {
    open(card, status) {
      const name = randomBytes(6).toString('hex')
      tries.set(name, { card, status, times: [] })
      for (const old of [...tries.keys()].slice(0, -MOST_TRIES)) tries.delete(old)
      return name
    },
    answer(name, request) {
      const found = tries.get(name)
      if (!found || found.times.length >= MOST_REQUESTS) return undefined
      found.times.push(now())
      const after = found.times.at(-1)! - found.times[0]!
      return found.card.accepts({ ...request, after })
        ? fulfilled(found.card, request.method)
        : chosen(found.card, found.status)
    },
    find(name) {
      const found = tries.get(name)
      return found && found.times.length > 0 ? found : undefined
    },
  }
}

export function findCard(id: unknown): Card | undefined {
  return cards.find((card) => card.id === id)
}

function fulfilled({ sent }: Card, method: string): Answer {
  const made = method !== 'GET'
  return {
    status: made ? 201 : 200,
    fields: made ? { Location: `${sent.path}/1` } : {},
    content: '{"done":true}',
  }
}

function chosen(card: Card, status: Status): Answer {
  if (status === 200)
    return {
      status,
      fields: {},
      content: card.right.includes(200) ? '[]' : '{"error":"It was not done."}',
    }
  return {
    status,
    fields: { 'Content-Type': 'application/problem+json', ...fieldsOf(status, card) },
    content: JSON.stringify({ title: statuses[status], status }),
  }
}

/** What a status has to say besides, or may (RFC 9110 §15.5.2, §15.5.6, §15.5.16, RFC 6585 §4). */
function fieldsOf(status: Status, { allow }: Card): Record<string, string> {
  switch (status) {
    case 401:
      // No Basic: a browser would ask the learner for a password.
      return { 'WWW-Authenticate': 'Bearer realm="Shop"' }
    case 405:
      return { Allow: allow }
    case 415:
      return { Accept: 'application/json' }
    case 429:
      return { 'Retry-After': String(PAUSE_MS / 1000) }
    default:
      return {}
  }
}

/** So much of a request is read. Bytes. */
export const MOST_READ = MOST_CONTENT * 8
