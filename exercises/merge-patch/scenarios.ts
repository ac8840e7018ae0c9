import { hasStatus, isAnswered, present, scenario, type Exchange, type Kit } from '#grader'
import { MERGE_PATCH } from './answers.ts'
import {
  drawChanges,
  drawLists,
  drawNulls,
  drawObjects,
  drawWholes,
  table,
  words,
  type Case,
} from './cases.ts'

export const drawn = scenario('A client puts documents, patches them and gets them again', {
  async record(kit) {
    const send = createClient(kit)
    const [ann, ben, name] = words(kit.random, 3)
    const mine = { [name]: { size: kit.random.integer(1, 49) } }
    const theirs = { [name]: { size: kit.random.integer(50, 99) } }
    const put = await send(asJson('PUT', `/settings/${ann}`, mine))
    await send(asJson('PUT', `/settings/${ben}`, theirs))
    return {
      stored: { put, mine, exchange: await send(`/settings/${ann}`) },
      changes: await tryAll(kit, send, drawChanges(kit)),
      objects: await tryAll(kit, send, drawObjects(kit)),
      nulls: await tryAll(kit, send, drawNulls(kit)),
      lists: await tryAll(kit, send, drawLists(kit)),
    }
  },
  facts: ({ stored, ...rows }) => ({ ...rows, stored, put: present(stored.put, 'PUT /settings') }),
})

export const wholes = scenario('A client goes through the cases of RFC 7396, Appendix A', {
  async record(kit) {
    const send = createClient(kit)
    return {
      cases: await tryAll(kit, send, table),
      others: await tryAll(kit, send, drawWholes(kit)),
    }
  },
  facts: ({ cases, others }) => [...cases, ...others],
})

export const refusals = scenario('Patches come in several media types, and some are no JSON', {
  async record(kit) {
    const { random } = kit
    const send = createClient(kit)
    const [theme, other, font] = words(random, 3)
    const start = { theme, font }
    const patch = JSON.stringify({ theme: other })
    const operations = JSON.stringify([{ op: 'replace', path: '/theme', value: other }])

    const attempt = async (name: string, type: string | undefined, body: string) => {
      const path = `/settings/${random.word()}`
      await send(asJson('PUT', path, start))
      const headers = type === undefined ? [] : [['Content-Type', type] as const]
      const exchange = await send({ method: 'PATCH', path, headers, body })
      return { name, start, exchange, get: await send({ path }) }
    }

    const accepted = [
      await attempt('with a charset', `${MERGE_PATCH}; charset=utf-8`, patch),
      await attempt('in capitals', 'Application/Merge-Patch+JSON', patch),
    ]
    const refused = [
      await attempt('application/json', 'application/json', patch),
      await attempt('application/json-patch+json', 'application/json-patch+json', operations),
      await attempt('no Content-Type', undefined, patch),
    ]
    const path = `/settings/${random.word()}`
    await send(asJson('PUT', path, start))
    const options = await send({ method: 'OPTIONS', path })
    const broken = [
      await attempt('JSON that breaks off', MERGE_PATCH, `{"theme": "${other}", "font"`),
      await attempt('a form in place of JSON', MERGE_PATCH, `theme=${other}`),
    ]
    return { right: { theme: other, font }, accepted, refused, broken, options }
  },
})

export const prototypes = scenario('Patches come with a member called __proto__', {
  async record(kit) {
    const send = createClient(kit)
    return {
      first: await tryPrototype(kit, send, 'at the top', (members) => members),
      below: await tryPrototype(kit, send, 'in an object', (members) => ({ window: members })),
    }
  },
  facts: ({ first, below }) => [...outcomesOf(first), ...outcomesOf(below)],
})

/**
 * Patches a document with `__proto__`, then with a member of the name that `__proto__` had. Where
 * that is said to objects that don't have the member themselves, it shows what they inherit.
 */
async function tryPrototype(
  { random }: Kit,
  send: Client,
  name: string,
  place: (members: object) => object,
) {
  const path = `/settings/${random.word()}`
  const [theme, font, hidden, secret] = words(random, 4)
  const size = random.integer(1, 99)
  const start = place({ theme })
  await send(asJson('PUT', path, start))
  // Written out, because { __proto__: … } would set the prototype here.
  const content = JSON.stringify(place({ font, PROTO: { [hidden]: { secret } } }))
  const patched = await send(asPatch(path, content.replace('"PROTO"', '"__proto__"')))
  const get = await send({ path })
  const probe = JSON.stringify(place({ [hidden]: { size } }))
  const probed = await send(asPatch(path, probe))
  await send(asJson('PUT', path, start))
  const fresh = await send(asPatch(path, probe))
  return {
    name,
    hidden,
    secret,
    exchange: patched,
    /** If the patch was refused, and if it was applied. */
    untouched: start,
    touched: place({ theme, font }),
    probedUntouched: place({ theme, [hidden]: { size } }),
    probedTouched: place({ theme, font, [hidden]: { size } }),
    get,
    probed,
    fresh,
  }
}

/** What came of it, in the order in which it was asked. `right` is undefined for a patch alone. */
function outcomesOf({ name, hidden, secret, ...tried }: Awaited<ReturnType<typeof tryPrototype>>) {
  const isApplied = hasStatus(200)(tried.exchange)
  const [right, next] = isApplied
    ? [tried.touched, tried.probedTouched]
    : [tried.untouched, tried.probedUntouched]
  const outcome = (what: Outcome, exchange: Exchange | null, expected?: object) => ({
    name: `${name}, ${what}`,
    what,
    hidden,
    secret,
    exchange,
    right: expected,
    get: tried.get,
  })
  return [
    outcome('the patch', tried.exchange),
    outcome('GET', tried.get, right),
    outcome('the next patch', tried.probed, next),
    outcome('a new document', tried.fresh, tried.probedUntouched),
  ]
}

type Outcome = 'the patch' | 'GET' | 'the next patch' | 'a new document'

type Asked = Parameters<Kit['send']>[0]
type Client = (asked: Asked) => Promise<Exchange | null>

/** A client that gives up after a request that is not answered. */
function createClient({ send }: Kit): Client {
  let isGivenUp = false
  return async (asked) => {
    if (isGivenUp) return null
    const exchange = await send(asked)
    if (!isAnswered(exchange)) isGivenUp = true
    return exchange
  }
}

/** Each on a document of its own. */
async function tryAll({ random }: Kit, send: Client, cases: readonly Case[]) {
  const tried = []
  for (const each of cases) {
    const path = `/settings/${random.word()}`
    const put = await send(asJson('PUT', path, each.start))
    const exchange = await send(asPatch(path, JSON.stringify(each.patch)))
    tried.push({ ...each, put, exchange, get: await send({ path }) })
  }
  return tried
}

function asJson(method: string, path: string, document: unknown) {
  const headers = [['Content-Type', 'application/json']] as const
  return { method, path, headers, body: JSON.stringify(document) }
}

function asPatch(path: string, body: string) {
  return { method: 'PATCH', path, headers: [['Content-Type', MERGE_PATCH]] as const, body }
}
