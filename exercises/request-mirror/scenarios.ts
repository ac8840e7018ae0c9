import { scenario } from '#grader'

export const browser = scenario(
  'Chromium opens an address with a query and a fragment, then posts what is more bytes than characters',
  {
    async record({ newPage, random, address }) {
      const page = await newPage()
      const [place, tag, fragment, field, token] = [
        random.word(),
        random.word(),
        random.word(),
        random.word(),
        random.token(),
      ]
      const visit = await page.open(`/caf%C3%A9/${place}?tag=${tag}&tag=b%26c&empty=#${fragment}`)
      // Three bytes each.
      const cups = random.integer(11, 29)
      const post = await page.fetch(`/${place}%26${tag}%2541`, {
        method: 'POST',
        headers: { [`X-${field}`]: token },
        body: '☕'.repeat(cups),
      })
      const later = await page.fetch(`/${place}`, { method: 'POST', body: tag })
      return {
        host: address.replace('http://', ''),
        place,
        tag,
        fragment,
        field: `x-${field}`,
        token,
        cups,
        visit: visit.document,
        post: post.exchange,
        later: later.exchange,
      }
    },
  },
)

export const byHand = scenario('Clients that are no browser send what no browser would', {
  async record({ send, connect, exchanges, random, address }) {
    const [one, two, site] = [
      random.word(),
      random.word(),
      `${random.word()}.test:${random.integer(8000, 8999)}`,
    ]
    const fields = await send({
      path: `/${one}`,
      headers: [
        ['X-Tag', '1'],
        ['X-Note', ` \t ${one} ${two}\t `],
        ['x-tag', '2'],
        ['X-TAG', '3'],
        ['X-Empty', ''],
        ['User-Agent', one],
        ['User-Agent', two],
      ],
    })
    const signs = await send(`/${one}?link=/${two}?a=1`)
    const slashes = await send(`//${one}/${two}?x=1`)
    const absolute = await send(`http://${site}/${one}/${two}?x=1`)
    const chunks = Array.from({ length: 3 }, () => 'x'.repeat(random.integer(10, 30)))
    const connection = await connect()
    await connection.write(
      `PUT /chunks HTTP/1.1\r\nHost: ${address.replace('http://', '')}\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n`,
    )
    for (const chunk of chunks)
      await connection.write(`${chunk.length.toString(16)}\r\n${chunk}\r\n`)
    await connection.write('0\r\n\r\n')
    await connection.receive()
    const chunked = exchanges().find(({ request }) => request.target === '/chunks') ?? null
    return { one, two, site, fields, signs, slashes, absolute, chunked }
  },
})

export const badEscapes = scenario(
  'Percent signs that lead nowhere, and then an ordinary request',
  {
    async record({ send, random }) {
      const word = random.word()
      const noDigits = await send(`/${word}/%zz`)
      const halfCharacter = await send(`/${word}/%E0%A4`)
      const afterwards = await send(`/${word}`)
      return { word, noDigits, halfCharacter, afterwards }
    },
  },
)
