import { present, scenario, type SetUpKit } from '#grader'
import { clientSeenIn, compare, gatewaysIn, leakedInto, type Mark } from './read.ts'
import { drawCases, gotBy, sentBy, type Forwarded } from './requests.ts'
import { askedAt, NO_LIMIT, openUpstream } from './upstream.ts'

/** An upstream for a gateway that is never to give up. */
const patientSetUp = async (kit: SetUpKit) => {
  const upstream = await openUpstream(kit, NO_LIMIT)
  return { upstream, environment: upstream.environment }
}

export const forwarding = scenario('A client sends requests of many kinds at once', {
  setUp: async (kit) => ({
    ...(await patientSetUp(kit)),
    // The program isn't given its address: only a target names it.
    stranger: await kit.origin('a stranger'),
  }),
  async record({ send, random }, { upstream, stranger }) {
    const cases = drawCases(random, `127.0.0.1:${stranger.port}`)
    const answers = await Promise.all(cases.map(({ request }) => send(request)))
    return {
      cases: cases.map((each, index) => ({ ...each, exchange: answers[index] ?? null })),
      asked: upstream.server.exchanges(),
      strangerAsked: stranger.exchanges(),
    }
  },
  facts: ({ cases, asked, strangerAsked }) => {
    const rows = cases.map((each): Forwarded => {
      const { name, exchange, mark } = each
      const sent = sentBy(each)
      const arrived = asked.find(({ request }) => request.target.includes(mark)) ?? null
      return { name, exchange, arrived, sent, got: arrived && gotBy(arrived, sent) }
    })
    const ledAstray = strangerAsked.length > 0 ? rows.find(({ name }) => name === SLASHES) : null
    return { rows, ledAstray }
  },
})

export const hopping = scenario('Both sides send fields for one hop, and the client names others', {
  setUp: patientSetUp,
  async record({ send, random }, { upstream }) {
    const option = `X-Secret-${random.word()}`
    const ofHop = [
      ['Keep-Alive', `timeout=30, room=${random.token(10)}`],
      ['Proxy-Connection', `keep-alive, ${random.token(10)}`],
      ['TE', `trailers, x-${random.token(10)};q=0.5`],
      ['Upgrade', `x-${random.token(10)}/1`],
      [option, random.token(10)],
    ] as const
    const [first, named, hop] = ['first', 'named', 'hop'].map(
      (name) => `/${name}/${random.token(8)}`,
    ) as [string, string, string]
    const via = `1.0 ${random.word()}`
    const address = `203.0.113.${random.integer(1, 250)}`
    const ask = async (path: string, headers: readonly (readonly [string, string])[]) => {
      const exchange = await send({ path, headers })
      return { exchange, arrived: askedAt(upstream.server, path) }
    }
    return {
      via,
      address,
      first: await ask(first, []),
      named: await ask(named, [
        ['Via', via],
        ['X-Forwarded-For', address],
      ]),
      hop: await ask(hop, [
        ['Connection', `close, TE, Upgrade, ${option.toLowerCase()}`],
        ...ofHop,
      ]),
      marks: [
        ...ofHop.map(([name, value]): Mark => ({ name, mark: value })),
        { name: 'Connection', mark: option },
      ],
      shelf: await ask('/hops', []),
    }
  },
  facts: ({ via, address, first, named, hop, marks, shelf }) => {
    const shelfFields = shelf.arrived?.response?.headers ?? []
    const shelfMarks = shelfFields
      .filter(([name]) => /^(keep-alive|x-shelf)/i.test(name))
      .map(([name, value]): Mark => ({ name, mark: value }))
    const shelfOption = shelfMarks.find(({ name }) => name !== 'Keep-Alive')?.name
    const seen = ({ exchange, arrived }: typeof first, asked: string) => ({
      exchange: present(exchange, asked),
      arrived,
      gateways: gatewaysIn(arrived?.request.headers),
      client: clientSeenIn(arrived?.request.headers),
    })
    return {
      via,
      address,
      first: seen(first, 'the first request'),
      named: seen(named, 'the request with Via'),
      hop: {
        ...seen(hop, 'the request with fields for one hop'),
        leaked: leakedInto(hop.arrived?.request.headers, marks),
      },
      shelf: {
        ...seen(shelf, 'GET /hops'),
        leaked: leakedInto(shelf.exchange?.response?.headers, [
          ...shelfMarks,
          ...(shelfOption ? [{ name: 'Connection', mark: shelfOption }] : []),
        ]),
      },
    }
  },
})

export const answering = scenario('The upstream answers in many ways', {
  setUp: patientSetUp,
  record: async ({ send }, { upstream: { rightAnswer } }) =>
    Promise.all(
      WAYS.map(async ({ name, method = 'GET', path, headers = [] }) => ({
        name,
        method,
        prepared: rightAnswer(path),
        exchange: await send({ method, path, headers }),
      })),
    ),
  facts: (rows) => ({
    rows: rows.map(({ name, method, prepared, exchange }) => ({
      name,
      exchange,
      ...compare(prepared, method, exchange),
    })),
  }),
})

export const browsing = scenario('Chromium opens the upstream’s page through the gateway', {
  setUp: patientSetUp,
  async record({ newPage }, { upstream: { greeting } }) {
    const page = await newPage()
    const visit = await page.open('/start')
    const shown = await page.until(SHOWN, (is) => is === null || is.lamps === 3)
    return { greeting, visit, shown }
  },
  facts: ({ greeting, visit, shown }) => {
    const { text, colour, lamps } = (shown.value ?? {}) as Partial<Shown>
    return {
      greeting,
      page: visit.followed.at(-1) ?? present(visit.document, 'GET /start'),
      text: text ?? 'nothing',
      colour: colour ?? 'nothing',
      lamps: lamps ?? 0,
    }
  },
})

interface Shown {
  readonly text: string
  readonly colour: string
  readonly lamps: number
}

/** What a visitor sees of the page and its four files. */
const SHOWN = `(() => {
  const greeting = document.querySelector('#greeting')
  return greeting && {
    text: greeting.textContent,
    colour: getComputedStyle(greeting).color,
    lamps: [...document.images].filter((image) => image.naturalWidth === 40).length,
  }
})()`

export const SLASHES = 'GET with two slashes'

const WAYS: readonly {
  readonly name: string
  readonly method?: string
  readonly path: string
  readonly headers?: readonly (readonly [string, string])[]
}[] = [
  { name: '302', path: '/moved' },
  { name: '304', path: '/unchanged', headers: [['If-None-Match', '"old"']] },
  { name: '404', path: '/missing' },
  { name: '503', path: '/closed' },
  { name: '204', path: '/nothing' },
  { name: 'two cookies', path: '/login' },
  { name: 'gzip', path: '/news' },
  { name: 'chunks', path: '/chunks' },
  { name: 'no length', path: '/until-close' },
  { name: 'HEAD', method: 'HEAD', path: '/catalogue' },
  { name: '5 MB', path: '/catalogue' },
]
