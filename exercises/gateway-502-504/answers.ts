import type { Asked, SetUpKit } from '#grader'

/** An answer of the upstream, and by what its reader knows where its content ends. */
export interface Prepared {
  readonly status: number
  readonly headers: Fields
  /** As it crosses the wire. */
  readonly content: Uint8Array
  /** The same with no content coding. */
  readonly unpacked: Uint8Array
  readonly framing: 'length' | 'chunked' | 'close' | 'none'
}

/** What the upstream answers at a path; null asks for what most clients get. */
export type Answering = (asked: Asked | null) => Prepared

/** The upstream's right answers by their path, with values that no program can know. */
export async function drawAnswers(random: Random): Promise<Answers> {
  const text = (subject: string) => `${subject} of ${random.word()}\n`
  const shop = ['X-Shop', random.token(10)] as const
  const shelf = `X-Shelf-${random.word()}`
  const block = random.bytes(BLOCK_BYTES)
  const catalogue = () => Buffer.concat(Array.from({ length: 100 }, () => block))
  return {
    '/catalogue': onceAsked(() => answer('length', catalogue(), [...BINARY, shop])),
    '/news': await zippedIfAsked(text('The news').repeat(40), [...PLAIN, shop]),
    '/chunks': answer('chunked', text('The chunks').repeat(30), [...PLAIN, shop]),
    '/until-close': answer('close', text('The old list').repeat(30), [...PLAIN, shop]),
    '/login': answer('length', text('The welcome'), [
      ...PLAIN,
      ['Set-Cookie', `basket=${random.token(10)}; Path=/; HttpOnly`],
      ['Set-Cookie', `visitor=${random.token(10)}; Path=/; Max-Age=3600`],
    ]),
    '/moved': answer('length', '', [['Location', `/news?from=${random.word()}`]], 302),
    '/missing': answer('length', text('The lack'), [...PLAIN, shop], 404),
    '/closed': answer('length', text('The holidays'), [...PLAIN, ['Retry-After', '120']], 503),
    '/unchanged': answer('none', '', [['ETag', `"${random.token(10)}"`]], 304),
    '/nothing': answer('none', '', [shop], 204),
    '/hops': answer('length', text('The shelf'), [
      ...PLAIN,
      ['Connection', shelf.toLowerCase()],
      ['Keep-Alive', `timeout=30, room=${random.token(10)}`],
      [shelf, random.token(10)],
      shop,
    ]),
  }
}

/** A page behind a redirect that sets two cookies. It greets who sends both, and needs four files. */
export async function drawPage(
  random: Random,
): Promise<{ readonly greeting: string; readonly answers: Answers }> {
  const greeting = `Hello, ${random.word()}`
  const pairs = [`one=${random.token(8)}`, `two=${random.token(8)}`]
  const page = (asked: Asked | null) => {
    const cookies = sentTo(asked, 'Cookie')
    const greeted = pairs.every((pair) => cookies.includes(pair)) ? greeting : 'Hello, stranger'
    return answer('chunked', htmlOf(greeted), [['Content-Type', 'text/html; charset=utf-8']])(asked)
  }
  const setBoth = pairs.map((pair) => ['Set-Cookie', `${pair}; Path=/`] as const)
  const lamps = [1, 2, 3].map(
    (number) =>
      [
        `/lamp-${number}.svg`,
        answer('length', lampOf(40 + number), [['Content-Type', SVG]]),
      ] as const,
  )
  return {
    greeting,
    answers: {
      '/start': answer('length', '', [['Location', '/'], ...setBoth], 302),
      '/': page,
      '/style.css': await zippedIfAsked('#greeting { color: rgb(1, 2, 3) }', [
        ['Content-Type', 'text/css; charset=utf-8'],
      ]),
      ...Object.fromEntries(lamps),
    },
  }
}

function answer(
  framing: Prepared['framing'],
  content: string | Uint8Array,
  headers: Fields,
  status = 200,
): Answering {
  const bytes = Buffer.from(content as string)
  const prepared = { status, framing, headers, content: bytes, unpacked: bytes }
  return () => prepared
}

/** So much content is made only where somebody asks for it: most scenarios don't. */
function onceAsked(make: () => Answering): Answering {
  let made: Answering | undefined
  return (asked) => (made ??= make())(asked)
}

async function zippedIfAsked(content: string, headers: Fields): Promise<Answering> {
  const varying = [...headers, ['Vary', 'Accept-Encoding'] as const]
  const plain = answer('length', content, varying)
  const zipped = {
    ...plain(null),
    headers: [...varying, ['Content-Encoding', 'gzip'] as const],
    content: await gzip(content),
  }
  // Who doesn't speak of codings accepts any (RFC 9110 §12.5.3).
  return (asked) => (/\bgzip\b|^$/.test(sentTo(asked, 'Accept-Encoding')) ? zipped : plain(asked))
}

async function gzip(content: string): Promise<Uint8Array> {
  const packed = new Blob([content]).stream().pipeThrough(new CompressionStream('gzip'))
  return new Uint8Array(await new Response(packed).arrayBuffer())
}

function sentTo(asked: Asked | null, name: string): string {
  const lines = asked?.headers.filter(([each]) => each.toLowerCase() === name.toLowerCase()) ?? []
  return lines.map(([, value]) => value).join('; ')
}

function htmlOf(greeting: string): string {
  const lamps = [1, 2, 3].map((number) => `<img src="/lamp-${number}.svg" alt="">`)
  return (
    '<!doctype html><title>Shop</title><link rel="stylesheet" href="/style.css">' +
    `<p id="greeting">${greeting}</p>${lamps.join('')}`
  )
}

function lampOf(height: number): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" width="40" height="${height}"><path d="M0 0h40v40"/></svg>`
}

type Random = SetUpKit['random']
type Answers = Readonly<Record<string, Answering>>
type Fields = readonly (readonly [name: string, value: string])[]

/** Of 100 such blocks the catalogue is made. */
const BLOCK_BYTES = 50_000
const PLAIN: Fields = [['Content-Type', 'text/plain; charset=utf-8']]
const BINARY: Fields = [['Content-Type', 'application/octet-stream']]
const SVG = 'image/svg+xml'
