import {
  chunked,
  isAnswered,
  present,
  scenario,
  type Exchange,
  type Kit,
  type RawConnection,
} from '#grader'
import { pathOf, placeOf, withAnotherNumber, type Posted } from './answers.ts'

const TYPE = ['Content-Type', 'text/plain; charset=utf-8'] as const

export const threeNotes = scenario(
  'A script in Chromium posts three notes, follows each Location, and asks for all notes',
  {
    async record({ newPage, random, address }) {
      const texts = {
        'the first note': `Buy ${random.word()} and ${random.word()}.`,
        'the note with emoji': `🧅 ${random.word()}: 2 €\n\n🥚🥚 ${random.word()}\n`,
        'the note in quotation marks': `"${random.word()}" \\ {${random.word()}}, 'é'`,
      }
      const page = await newPage()
      const { document: before } = await page.open('/notes')
      const notes: Posted[] = []
      for (const [name, sent] of Object.entries(texts)) {
        const { exchange } = await page.fetch('/notes', { method: 'POST', body: sent })
        const path = pathOf(exchange, address)
        const followed = path === undefined ? null : (await page.fetch(path)).exchange
        notes.push({ name, sent, exchange, followed })
        if (!isAnswered(exchange)) return { address, before, notes, list: null }
      }
      const list = await page.fetch('/notes')
      return { address, before, notes, list: list.exchange }
    },
    facts: ({ address, before, notes, list }) => ({
      host: new URL(address).host,
      before,
      notes: notes.map((note) => ({
        ...asPosted(note),
        /** Undefined when Location is missing, or cannot be read as an address. */
        place: placeOf(note.exchange, address),
      })),
      list,
    }),
  },
)

export const byHand = scenario(
  'Clients post two texts in five pieces each and two empty bodies, and ask for unknown notes',
  {
    async record(kit) {
      const { send, random, address } = kit
      const draw = () => `${random.word()} ☕☕☕ 🚆🚆🚆 ${random.word()}`
      const pieces = await postInPieces(kit, 'the note in pieces', draw(), false)
      const chunks = await postInPieces(kit, 'the note in chunks', draw(), true)
      const empty = await send(post(''))
      const emptyInChunks = await send({ ...post(''), chunked: true })
      const unknown = await send(`/notes/${random.word()}`)
      const further = withAnotherNumber(
        pathOf(pieces.exchange, address),
        random.integer(1000, 9999),
      )
      return {
        inPieces: [pieces, chunks],
        empty,
        emptyInChunks,
        unknown,
        unknownNumber: further === undefined ? null : await send(further),
        list: await send('/notes'),
      }
    },
    facts: ({ inPieces, empty, emptyInChunks, unknown, unknownNumber, list }) => ({
      inPieces: inPieces.map(asPosted),
      refusals: [
        { name: 'an empty body', exchange: empty, right: 400 },
        { name: 'an empty body in chunks', exchange: emptyInChunks, right: 400 },
        { name: `GET ${unknown?.request.path}`, exchange: unknown, right: 404 },
        ...(unknownNumber === null
          ? []
          : [{ name: `GET ${unknownNumber.request.target}`, exchange: unknownNumber, right: 404 }]),
      ],
      list,
    }),
  },
)

export const twenty = scenario('Twenty clients post a note each at the same time', {
  async record({ send, sendTogether, random }) {
    const texts = Array.from({ length: 20 }, () => random.token(12))
    const exchanges = await sendTogether(texts.map(post))
    const notes = texts.map((sent, index) => ({
      name: `note ${index + 1}`,
      sent,
      exchange: exchanges[index] ?? null,
      followed: null,
    }))
    return { notes, list: await send('/notes') }
  },
  facts: ({ notes, list }) => ({ notes: notes.map(asPosted), list }),
})

function asPosted(note: Posted) {
  return { ...note, exchange: present(note.exchange, 'POST /notes') }
}

function post(body: string) {
  return { method: 'POST', path: '/notes', headers: [TYPE], body }
}

/** Each piece, and each chunk, ends in the middle of a character, and is read by itself. */
async function postInPieces(kit: Kit, name: string, sent: string, isChunked: boolean) {
  const { exchanges, until } = kit
  const before = exchanges().length
  const pieces = cutInCharacters(Buffer.from(sent), 5)
  const length = Buffer.byteLength(sent)
  const connection = await openPost(
    kit,
    isChunked ? 'Transfer-Encoding: chunked' : `Content-Length: ${length}`,
  )
  for (const piece of isChunked ? chunked(pieces) : pieces) {
    await connection.write(piece)
    await kit.untilRead()
  }
  const exchange = await until(() => exchanges()[before])
  await until(() => isOver(exchange))
  return { name, sent, exchange, followed: await follow(kit, exchange) }
}

/** A connection on which the head of a POST was sent, and nothing of its content. */
async function openPost({ connect, address }: Kit, framing: string): Promise<RawConnection> {
  const connection = await connect()
  await connection.write(
    `POST /notes HTTP/1.1\r\nHost: ${new URL(address).host}\r\n${TYPE.join(': ')}\r\n` +
      `${framing}\r\n\r\n`,
  )
  return connection
}

async function follow({ send, address }: Kit, created: Exchange | null): Promise<Exchange | null> {
  const path = pathOf(created, address)
  return path === undefined ? null : send(path)
}

function isOver(exchange: Exchange | null): boolean {
  return exchange !== null && (isAnswered(exchange) || exchange.cut !== null)
}

function cutInCharacters(bytes: Buffer, count: number): Buffer[] {
  const isWithin = (index: number) => (bytes[index]! & 0xc0) === 0x80
  const places = [...bytes.keys()].filter(isWithin)
  const cuts = Array.from(
    { length: count - 1 },
    (_, cut) => places[Math.floor(((cut + 0.5) * places.length) / (count - 1))]!,
  )
  return [0, ...cuts].map((from, index) => bytes.subarray(from, cuts[index] ?? bytes.length))
}
