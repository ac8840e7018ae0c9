import {
  field,
  present,
  scenario,
  type BrowserRequest,
  type Kit,
  type Page,
  type SetUpKit,
} from '#grader'
import {
  around,
  contentAfter,
  inOtherForm,
  isClosing,
  secondsFrom,
  type Conditional,
} from './answers.ts'

const STYLE = '/style.css'

type Fields = readonly (readonly [name: string, value: string])[]

export const visits = scenario(
  'Chromium opens / twice, and once more after the style was replaced',
  {
    setUp: drawStyle,
    async record(kit, { style }) {
      const open = await createVisitor(kit)
      const first = await open()
      const second = await open()
      const next = drawOther(kit.random)
      // The date of the next text is another one, so that it hides no mistake about tags.
      await nextSecond(kit)
      const put = await kit.send(putting(next.css))
      return { style, next, first, second, put, third: await open() }
    },
    facts: ({ style, next, first, second, put, third }) => ({
      page: present(first.document, 'GET /'),
      style,
      next,
      first: { ...asLoad(first), exchange: present(first.request?.exchange, `GET ${STYLE}`) },
      second: asLoad(second),
      put,
      third: asLoad(third),
    }),
  },
)

export const conditions = scenario(
  'A client sends conditions with GET, HEAD and PUT, and none on the same connection',
  {
    setUp: drawStyle,
    async record(kit, { style }) {
      const { send, random } = kit
      const whole = await send(STYLE)
      await nextSecond(kit)
      const again = await send(STYLE)
      const validators = {
        tag: field(again, 'ETag') ?? '"none"',
        date: field(again, 'Last-Modified') ?? new Date().toUTCString(),
      }
      return {
        css: style.css,
        whole,
        again,
        inARow: await askInARow(kit, [['If-None-Match', validators.tag]]),
        ...(await askByTag(kit, validators.tag)),
        ...(await askByDate(kit, validators.date)),
        ...(await askByBoth(kit, validators)),
        elsewhere: await send({
          path: `/${random.word()}.css`,
          headers: [['If-None-Match', '*']],
        }),
        puts: await putOnConditions(kit, validators),
        sameSecond: await putTwiceInASecond(kit),
        unreadable: [
          await askWith(kit, 'a tag without quotes', [['If-None-Match', random.word()]]),
          await askWith(kit, 'commas alone', [['If-None-Match', ', ,']]),
        ],
      }
    },
    facts: ({ whole, again, inARow: [first, next], ...rest }) => ({
      ...rest,
      whole: present(whole, `GET ${STYLE}`),
      again,
      inARow: { exchange: first, content: contentAfter(first, next), next },
    }),
  },
)

/** What a visit asked for the style, and the colour it showed. */
export type Load = ReturnType<typeof asLoad>

function drawStyle({ random }: SetUpKit) {
  const style = styleIn(random, 100)
  return { style, environment: { CSS: style.css } }
}

/** Another one of the same length. */
function drawOther(random: Kit['random']) {
  return styleIn(random, 150)
}

function styleIn(random: Kit['random'], from: number) {
  const component = () => random.integer(from, from + 49)
  const colour = `rgb(${component()}, ${component()}, ${component()})`
  return { colour, css: `/* ${random.word()} */ body { color: ${colour} }` }
}

function putting(css: string, headers: Fields = []) {
  const type = ['Content-Type', 'text/css'] as const
  return { method: 'PUT', path: STYLE, headers: [type, ...headers], body: css }
}

/** Opens the page in one tab, again and again, and leaves it each time. */
async function createVisitor({ newPage }: Kit) {
  const page = await newPage()
  return async () => {
    const before = page.requests().length
    const { document } = await page.open('/')
    const colour = await page.evaluate('getComputedStyle(document.body).color')
    const request = page.requests().slice(before).find(isForStyle) ?? null
    await page.open('about:blank')
    return { document, colour, request }
  }
}

function isForStyle({ url }: BrowserRequest): boolean {
  return URL.parse(url)?.pathname === STYLE
}

function asLoad({ colour, request }: Opened) {
  return { colour, exchange: request?.exchange ?? null, fromCache: request?.fromCache ?? null }
}

interface Opened {
  readonly colour: Awaited<ReturnType<Page['evaluate']>>
  /** For the style; null where Chromium asked for none. */
  readonly request: BrowserRequest | null
}

/** A date that moves on with the clock has moved on by then. */
async function nextSecond({ wait }: Kit): Promise<void> {
  await wait(1.01 - (Date.now() % 1000) / 1000)
}

/** With a condition and then without one, on one connection unless the program closes it. */
async function askInARow({ connect }: Kit, headers: Fields) {
  const connection = await connect()
  const first = await connection.request({ path: STYLE, headers })
  if (isClosing(first)) await connection.receive()
  const mayGoOn = !isClosing(first) && connection.record().ended === null
  const next = mayGoOn ? await connection.request({ path: STYLE }) : null
  const wasTooLate = next === null || (next.response === null && next.garbage === null && next.cut)
  if (!wasTooLate) return [first, next] as const
  return [first, await (await connect()).request({ path: STYLE })] as const
}

async function askByTag(kit: Kit, tag: string) {
  const [a, b] = [`"${kit.random.token(8)}"`, `W/"${kit.random.token(8)}"`]
  const ask = (name: string, value: string, method?: string) =>
    askWith(kit, name, [['If-None-Match', value]], method)
  return {
    named: [
      await ask('your tag', tag),
      await ask('a list with your tag', `${a}, ${tag}, ${b}`),
      await ask('a list without spaces', `${b},${tag}`),
      await ask(`your tag ${tag.startsWith('W/') ? 'without' : 'with'} W/`, inOtherForm(tag)),
      await ask('*', '*'),
      await ask('HEAD with your tag', tag, 'HEAD'),
    ],
    notNamed: [
      await ask('the tag of another text', a),
      await ask('a list of other tags', `${a}, ${b}`),
      await ask('a longer tag', around(tag)),
    ],
    headNotNamed: await ask('HEAD with another tag', a, 'HEAD'),
  }
}

async function askByDate(kit: Kit, date: string) {
  const ask = (name: string, value: string) => askWith(kit, name, [['If-Modified-Since', value]])
  return {
    since: [
      await ask('your Last-Modified', date),
      await ask('an hour later', secondsFrom(date, 3600)),
    ],
    notSince: [
      await ask('a second earlier', secondsFrom(date, -1)),
      await ask('a day earlier', secondsFrom(date, -24 * 3600)),
    ],
    noDate: await ask('what is not a date', kit.random.word()),
  }
}

async function askByBoth(kit: Kit, { tag, date }: Validators) {
  const ask = (name: string, tags: string, since: string) =>
    askWith(kit, name, [
      ['If-None-Match', tags],
      ['If-Modified-Since', since],
    ])
  const other = `"${kit.random.token(8)}"`
  return {
    tagSaysYes: await ask('your tag, and an earlier date', tag, secondsFrom(date, -3600)),
    tagSaysNo: await ask('another tag, and your Last-Modified', other, date),
  }
}

interface Validators {
  readonly tag: string
  readonly date: string
}

async function putOnConditions(kit: Kit, { tag, date }: Validators) {
  const { send, random } = kit
  const put = async (name: string, headers: Fields) => {
    const { css } = drawOther(random)
    const exchange = await send(putting(css, headers))
    return { name, css, exchange, shown: await send(STYLE) }
  }
  return {
    refused: [
      await put('PUT with your tag', [['If-None-Match', tag]]),
      await put('PUT with *', [['If-None-Match', '*']]),
    ],
    accepted: [
      await put('PUT with another tag', [['If-None-Match', `"${random.token(8)}"`]]),
      await put('PUT with a date', [['If-Modified-Since', secondsFrom(date, 3600)]]),
    ],
    // The text has changed since then.
    oldDate: await askWith(kit, 'the date of the first text', [['If-Modified-Since', date]]),
  }
}

/** Mostly within one second: then the two texts have the same date, too. */
async function putTwiceInASecond(kit: Kit) {
  const { send, random } = kit
  for (let left = 3; ; left--) {
    const [first, second] = [styleIn(random, 100), styleIn(random, 150)]
    await send(putting(first.css))
    const before = await send(STYLE)
    await send(putting(second.css))
    const asked = await askWith(kit, 'the tag of the text before', [
      ['If-None-Match', field(before, 'ETag') ?? '"none"'],
    ])
    const [date, dateThen] = [before, asked.exchange].map((each) => field(each, 'Last-Modified'))
    if (date === dateThen || left === 1) return { ...asked, css: second.css }
  }
}

async function askWith(
  { send }: Kit,
  name: string,
  headers: Fields,
  method = 'GET',
): Promise<Conditional> {
  return { name, exchange: await send({ method, path: STYLE, headers }) }
}
