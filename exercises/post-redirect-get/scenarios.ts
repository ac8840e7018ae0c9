import {
  isAnswered,
  path,
  present,
  scenario,
  text,
  type Exchange,
  type Kit,
  type Visit,
} from '#grader'
import { listed, pathOfLocation, type Signature } from './answers.ts'

export const signed = scenario(
  'Without JavaScript, Chromium signs, reloads three times, goes Back and Forward',
  {
    async record({ newPage, send, random }) {
      const name = random.word()
      const message = `${random.word()} ${random.word()}`
      const page = await newPage('a visitor without JavaScript', { javaScriptEnabled: false })
      await page.open('/')
      await page.fill('[name=name]', name)
      await page.fill('[name=message]', message)
      const lead = await page.leads(() => page.click('button, [type=submit]'))
      const before = await send('/entries')
      const reloads = [await page.reload(), await page.reload(), await page.reload()]
      await page.goBack()
      const forward = await page.goForward()
      const after = await send('/entries')
      return { name, message, lead, before, reloads, forward, after, home: await send('/') }
    },
    facts: ({ name, message, lead, before, reloads, forward, after, home }) => {
      const post = present(lead.document, 'POST /sign')
      const next = lead.followed[0] ?? null
      const landing = lead.followed.at(-1) ?? null
      const [entry] = listed(before) ?? []
      return {
        name,
        message,
        post,
        next,
        asked: next ? asSent(next) : 'nowhere on your server',
        landing,
        before,
        after,
        home,
        entry,
        copies: listed(after)?.length,
        reloaded: reloads[0]?.document ?? null,
        views: [
          view('the page after signing', lead, landing),
          ...reloads.map((visit, index) => view(`reload ${index + 1}`, visit, shownBy(visit))),
          view('Forward', forward, shownBy(forward)),
        ],
      }
    },
  },
)

export const overlapping = scenario('Five people begin to sign, and finish one after the other', {
  async record({ connect, send, address, until, exchanges, wait, random }) {
    const people = fivePeople(random)
    const posts = () => exchanges().filter(isSigning)
    const connections = []
    for (const signature of people) {
      const connection = await connect()
      await connection.write(written(signature, address).slice(0, -1))
      connections.push(connection)
    }
    await until(() => posts().length === people.length)
    // An answer to what was asked last says that the program has read what came before.
    await send('/entries')
    // What it wrote until then on the other connections may be recorded a moment later.
    await wait(0.1)
    const early = posts().filter(isAnswered)
    for (const [index, connection] of connections.entries()) {
      await connection.write(written(people[index]!, address).slice(-1))
      if (!(await until(() => posts().filter(isAnswered).length > index))) break
    }
    const signed = people.map((signature) => posts().find(sends(signature)) ?? null)
    const pages: (Exchange | null)[] = []
    for (const post of signed) pages.push(await follow(post, send))
    return { people, signed, early, pages, entries: await send('/entries') }
  },
  facts: ({ people, signed, early, pages, entries }) => ({
    people: people.map(({ name, message }, index) => {
      const post = present(signed[index], 'POST /sign')
      const page = pages[index] ?? null
      const shown = people.find((signature) => text(page).includes(signature.message))?.message
      const when = early.includes(post) ? 'before its content had come' : 'after its content'
      return { name: `the page for ${name}`, message, post, when, exchange: page ?? post, shown }
    }),
    signatures: people,
    entries,
  }),
})

export const asked = scenario(
  'A client signs twice with the same words, then asks for /sign with GET and HEAD',
  {
    async record({ send, random }) {
      const [signature, other] = fivePeople(random)
      if (!signature || !other) throw new Error('Nobody was drawn.')
      const first = await send(signing(signature))
      const second = await send(signing(signature))
      const both = await send('/entries')
      const query = `?${asForm(other)}`
      const get = await send(`/sign${query}`)
      const afterGet = await send('/entries')
      const head = await send({ method: 'HEAD', path: `/sign${query}` })
      const afterHead = await send('/entries')
      return { signature, first, second, both, get, afterGet, head, afterHead }
    },
    facts: ({ signature, first, second, both, get, afterGet, head, afterHead }) => ({
      signature,
      second: present(second, 'POST /sign'),
      places: new Set([first, second].map(pathOfLocation)).size,
      both,
      equal: listed(both)?.length,
      get: asking('GET /sign', get, both, afterGet),
      head: asking('HEAD /sign', head, afterGet, afterHead),
    }),
  },
)

// A program of its own: one that ends here fails nothing else.
export const unknownAsked = scenario('A client signs, then asks for two ids that no entry has', {
  async record({ send, random }) {
    await send(signing({ name: random.word(), message: random.word() }))
    const word = await send(`/thanks/${random.word()}`)
    return { asked: [word, await send(`/thanks/${random.integer(100_000, 999_999)}`)] }
  },
  facts: ({ asked }) => ({
    unknown: asked.map((recorded) => {
      const exchange = present(recorded, 'GET /thanks/…')
      return { name: `GET ${path(exchange)}`, exchange }
    }),
  }),
})

/** What the browser showed at one moment, and the exchange it came by, if one crossed the wire. */
export interface View {
  readonly name: string
  readonly exchange: Exchange | null
  readonly shown: string
}

function view(name: string, visit: Visit, exchange: Exchange | null): View {
  return { name, exchange, shown: visit.text }
}

function shownBy({ document, followed }: Visit): Exchange | null {
  return followed.at(-1) ?? document
}

/** A request for /sign that only asks, and how many entries it added. */
export interface Asking {
  readonly name: string
  readonly exchange: Exchange
  readonly added: number | undefined
}

function asking(
  name: string,
  exchange: Exchange | null,
  before: Exchange | null,
  after: Exchange | null,
): Asking {
  const [earlier, later] = [listed(before)?.length, listed(after)?.length]
  const added = earlier === undefined || later === undefined ? undefined : later - earlier
  return { name, exchange: present(exchange, name), added }
}

function fivePeople(random: Kit['random']): Signature[] {
  const words = new Set<string>()
  while (words.size < 10) words.add(random.word())
  const [...all] = words
  return all.slice(0, 5).map((name, index) => ({ name, message: all[index + 5] ?? '' }))
}

function signing(signature: Signature) {
  return { method: 'POST', path: '/sign', headers: FORM, body: asForm(signature) }
}

const FORM = [['Content-Type', 'application/x-www-form-urlencoded']] as const

function asForm({ name, message }: Signature): string {
  return new URLSearchParams({ name, message }).toString()
}

/** The form's request as its bytes cross the wire. */
function written(signature: Signature, address: string): string {
  const content = asForm(signature)
  return [
    'POST /sign HTTP/1.1',
    `Host: ${new URL(address).host}`,
    ...FORM.map(([name, value]) => `${name}: ${value}`),
    `Content-Length: ${content.length}`,
    '',
    content,
  ].join('\r\n')
}

function isSigning({ request }: Exchange): boolean {
  return request.method === 'POST'
}

function sends({ name, message }: Signature) {
  return ({ request }: Exchange) =>
    Buffer.from(request.body).includes(asForm({ name, message }).slice(0, -1))
}

async function follow(post: Exchange | null, send: Kit['send']): Promise<Exchange | null> {
  const address = pathOfLocation(post)
  return address === undefined ? null : send(address)
}

/** `POST /thanks/7`, without a query. */
function asSent(exchange: Exchange): string {
  return `${exchange.request.method} ${path(exchange)}`
}
