import type { Card } from './cards.ts'
import type { Status } from './statuses.ts'

/** What is said to a choice. */
export interface Ruling {
  readonly right: boolean
  readonly words: string
}

/** Says why a status is right for a card, or what it said that isn't true there. */
export function rule(card: Card, status: Status): Ruling {
  const right = card.right.includes(status)
  return { right, words: right ? card.why : `${says[status]} ${but(card, status)}` }
}

/** What each status tells a client. */
const says: Readonly<Record<Status, string>> = {
  200: '200 says that it was done.',
  400: '400 says that the request can’t be read.',
  401: '401 says that the shop doesn’t know who is asking.',
  403: '403 says that it isn’t allowed, whatever the client changes.',
  404: '404 says that nothing is at this address.',
  405: '405 says that the address has other methods.',
  409: '409 says that something in the shop conflicts with the request.',
  410: '410 says that it was removed for good.',
  413: '413 says that there is too much content.',
  415: '415 says that the kind of content is wrong.',
  422: '422 says that the content can be read, but its values are wrong.',
  429: '429 says that the client sends too many requests.',
}

/** What of that isn't so on this card. */
function but(card: Card, status: Status): string {
  return special[card.id]?.[status] ?? general[status](card)
}

const general: Readonly<Record<Status, (card: Card) => string>> = {
  200: () => 'But it wasn’t, and the client takes it as done. So nobody will look into it.',
  400: ({ sent }) =>
    sent.content === null
      ? 'But it’s well written, so the client found no slip.'
      : 'But the content is well written, so the client found no slip in it.',
  401: () => 'But the token was valid, so a new login changes nothing.',
  403: () =>
    'But Ada’s token allows it. So the client gives up, although a change would have helped.',
  404: () => 'But the address is right. So the client gives up at an address that works.',
  405: ({ sent, allow }) =>
    `But Allow names ${allow}, and the client sent ${sent.method}. So it has nothing to change.`,
  409: () => 'But nothing does. So the client finds nothing that it assumed wrongly.',
  410: () =>
    'But nothing was removed. So the client deletes its link, and never comes back to an address that works.',
  413: ({ sent }) =>
    sent.content === null
      ? 'But the request has no content at all.'
      : `But it has only ${sent.content.length} bytes, and the shop takes more.`,
  415: ({ sent }) =>
    sent.content === null
      ? 'But the request has no content at all.'
      : 'But it’s JSON, as the shop wants it. So the client has nothing to change.',
  422: ({ sent }) =>
    sent.content === null
      ? 'But the request has no content at all.'
      : 'But the values are fine. So the client has nothing to correct.',
  429: () =>
    'But one request was enough to fail. So waiting doesn’t help, and the answer is the same.',
}

const special: Readonly<Record<string, Partial<Readonly<Record<Status, string>>>>> = {
  'no-login': {
    403: 'But nobody knows yet what this person may do. After this answer no client offers a login, so Ada never gets in.',
    404: 'But the basket is there. After this answer no client offers a login, so Ada never gets in.',
  },
  'not-yours': {
    409: 'But it isn’t something that Ada could put right.',
    410: 'But Ben’s file is still there. So the client deletes a link that is right.',
  },
  'missing-comma': {
    415: 'But it’s declared as JSON, which is what the shop takes. So the client has nothing to change.',
    422: 'But nobody can read it, so nobody has seen its values. The client checked them, and found nothing to correct.',
  },
  removed: {
    200: 'But the page isn’t there, so the client shows something else in its place and keeps the link.',
    403: 'But there’s nothing any more that somebody could be allowed to see.',
    404: 'That’s true, but it leaves open whether the page comes back. So the client keeps its link, and asks again tomorrow.',
    405: 'But no method brings the page back, and Allow names the one that was sent.',
    409: 'But nothing conflicts with it: the page isn’t there any more.',
  },
  'wrong-address': {
    200: 'But the lamp doesn’t exist, so the client shows an error as if it were a lamp.',
    403: 'But nothing is there that could be forbidden. So the client believes in a secret lamp.',
    405: 'But nothing is at this address, whatever the method.',
    409: 'But nothing conflicts with it: there is nothing at this address.',
    410: 'But nothing was ever there. So nobody removed it on purpose, either.',
  },
  'taken-name': {
    403: 'But Ada may choose a name. So the client gives up, although another name would have helped.',
    422: 'But “sun” is a name like others, so the client found nothing to correct in it.',
  },
  xml: {
    422: 'But the shop can’t read XML, so it hasn’t seen any values. The client found nothing to correct.',
  },
  'too-fast': {
    403: 'But orders are allowed. So the client gives up for good, although waiting would have helped.',
    409: 'But nothing in the shop does: the same request would be fine a second later.',
  },
  'too-large': {
    403: 'But reviews are allowed. So the client gives up, although a shorter one would have helped.',
    422: 'But the client checked each value, and each makes sense.',
  },
  'nothing-found': {
    403: 'But the search is allowed, and it worked.',
    404: 'But the search is at this address, and it worked. So the client tells Ada that the shop can’t search.',
    429: 'But it was one request, and nothing failed. So waiting changes nothing.',
  },
}
