import type { Status } from './statuses.ts'

/** What the client sends, and what it meant. The page gets this part of a card alone. */
export interface Sent {
  readonly method: 'GET' | 'POST' | 'PUT'
  readonly path: string
  readonly authorization: string | null
  readonly type: string | null
  readonly content: string | null
  /** The content without slips of the pen; `content` itself without any. */
  readonly written: string | null
  /** What the content is meant to say. */
  readonly data: Readonly<Record<string, string | number>> | null
}

/** What came to the shop. */
export interface Received {
  readonly method: string
  readonly authorization: string | undefined
  readonly type: string | undefined
  readonly content: string
  /** Milliseconds since the first request of this try. */
  readonly after: number
}

export interface Card {
  readonly id: string
  readonly situation: string
  readonly sent: Sent
  /** What Allow says where 405 is chosen. */
  readonly allow: string
  readonly right: readonly Status[]
  /** Why those are right. */
  readonly why: string
  /** Whether the shop can do what a request asks for. */
  readonly accepts: (request: Received) => boolean
}

/** More content the shop does not take. Bytes. */
export const MOST_CONTENT = 1000
/** A client that was too fast is served again after this. */
export const PAUSE_MS = 1000

const ADA = 'Bearer ada'
const never = () => false

export const cards: readonly Card[] = [
  {
    id: 'wrong-method',
    situation: 'A program sends an order with PUT. The address takes orders with POST alone.',
    sent: sending('PUT', '/orders', { lamp: 'desk', count: 2 }),
    allow: 'POST',
    right: [405],
    why: 'The address is right and the method is not. Allow names the methods that work, so the client sent its order again with POST.',
    accepts: ({ method }) => method === 'POST',
  },
  {
    id: 'missing-comma',
    situation: 'The JSON of an order lacks a comma.',
    sent: {
      ...sending('POST', '/orders', { lamp: 'desk', count: 2 }),
      content: '{"lamp":"desk" "count":2}',
    },
    allow: 'POST',
    right: [400],
    why: 'The content can’t be read, so the client has to write it in another way. It did, and nothing else had to change.',
    accepts: ({ content }) => isJson(content),
  },
  {
    id: 'no-login',
    situation: 'Ada opens her basket, but she hasn’t logged in.',
    sent: { ...getting('/basket'), authorization: null },
    allow: 'GET, HEAD',
    right: [401],
    why: 'The shop doesn’t know who is asking, and WWW-Authenticate says how to prove it. So the client asked Ada to log in, and sent its request again.',
    accepts: ({ authorization }) => authorization === ADA,
  },
  {
    id: 'not-yours',
    situation: 'Ada’s token is valid, but the file is Ben’s.',
    sent: getting('/files/ben.txt'),
    allow: 'GET, HEAD',
    right: [403, 404],
    why: 'No change to the request would help Ada, and the client stopped at once. 403 says that the file isn’t for her. 404 hides that there is such a file, which the standard allows.',
    accepts: never,
  },
  {
    id: 'negative-count',
    situation: 'The JSON of an order can be read, but it asks for minus two lamps.',
    sent: sending('POST', '/orders', { lamp: 'desk', count: -2 }),
    allow: 'POST',
    right: [422],
    why: 'The content is well written, but the shop can’t do what it says. So the client looked at its values, and corrected the one that made no sense.',
    accepts: ({ content }) => content.includes('"count":2'),
  },
  {
    id: 'removed',
    situation: 'The shop has removed the page of its gas lamp on purpose. It won’t come back.',
    sent: getting('/lamps/gas'),
    allow: 'GET, HEAD',
    right: [410],
    why: 'The page is gone for good, and that was meant. So the client deleted its link, and won’t ask again.',
    accepts: never,
  },
  {
    id: 'wrong-address',
    situation: 'A link has a typing error. The shop never had a lamp of that name.',
    sent: getting('/lamps/dekc'),
    allow: 'GET, HEAD',
    right: [404],
    why: 'Nothing is at this address, and it leaves open whether something will be. So the client said so, and kept the link.',
    accepts: never,
  },
  {
    id: 'taken-name',
    situation: 'Ada would like to be called “sun”. That’s a good name, but somebody else has it.',
    sent: sending('POST', '/users', { name: 'sun' }),
    allow: 'POST',
    right: [409],
    why: 'The request is right in itself, but doesn’t fit what the shop has by now. So the client assumed something else, and took another name.',
    accepts: ({ content }) => !content.includes('"sun"'),
  },
  {
    id: 'xml',
    situation: 'A program sends a well-written order in XML. The shop reads JSON alone.',
    sent: {
      ...sending('POST', '/orders', { lamp: 'desk', count: 2 }),
      type: 'application/xml',
      content: '<order lamp="desk" count="2"/>',
      written: '<order lamp="desk" count="2"/>',
    },
    allow: 'POST',
    right: [415],
    why: 'The kind of content is wrong, whatever it says. Accept in the answer names the kind that works, so the client sent the same order as JSON.',
    accepts: ({ type, content }) => type === 'application/json' && content.startsWith('{'),
  },
  {
    id: 'too-fast',
    situation: 'A program orders correctly, but it sends its 50th order within this second.',
    sent: sending('POST', '/orders', { lamp: 'desk', count: 2 }),
    allow: 'POST',
    right: [429],
    why: 'Only the pace was wrong. Retry-After said how long to wait, so the client sent the very same request a second later.',
    accepts: ({ after }) => after >= PAUSE_MS,
  },
  {
    id: 'too-large',
    situation: 'A review of a lamp is well written, but longer than the shop takes: 1,000 bytes.',
    sent: sending('POST', '/reviews', { text: 'A lamp. '.repeat(200) }),
    allow: 'POST',
    right: [413],
    why: 'There was too much content. So the client shortened its text, and sent it again.',
    accepts: ({ content }) => content.length <= MOST_CONTENT,
  },
  {
    id: 'nothing-found',
    situation: 'Ada searches the lamps for “sofa”. The search works, and finds nothing.',
    sent: getting('/search?q=sofa'),
    allow: 'GET, HEAD',
    right: [200],
    why: 'Nobody made a mistake: the result is a list of length zero. So the client showed the empty list.',
    accepts: never,
  },
]

function isJson(content: string): boolean {
  try {
    JSON.parse(content)
    return true
  } catch {
    return false
  }
}

function getting(path: string): Sent {
  return {
    method: 'GET',
    path,
    authorization: ADA,
    type: null,
    content: null,
    written: null,
    data: null,
  }
}

function sending(method: 'POST' | 'PUT', path: string, data: NonNullable<Sent['data']>): Sent {
  const content = JSON.stringify(data)
  return {
    method,
    path,
    authorization: ADA,
    type: 'application/json',
    content,
    written: content,
    data,
  }
}
