import { isAnswered, present, scenario, type Exchange, type Kit, type SetUpKit } from '#grader'
import { contentAfter, type Asked } from './answers.ts'

const PAGES: string = 'text/html'
const JSON_ONLY = 'application/json'
const PROBLEMS = 'application/problem+json'

const NOTHING = { heads: [], methods: [], elsewhere: [], problems: [], article: null }

export const asked = scenario(
  'A client asks for good and bad addresses with several methods, as a person and as a program',
  {
    setUp: drawArticles,
    async record({ send, random }, drawn) {
      const { slug, another, unknown, removed, capital } = drawn
      const ask = asker(send)
      const elsewhere = `/${random.word()}`
      const part = slug.slice(0, -1)
      const addresses = await askInTurn([
        () => ask('a published article', 200, 'GET', `/articles/${slug}`),
        () => ask('a slug that never was', 404, 'GET', `/articles/${unknown}`),
        () => ask('a part of a slug', 404, 'GET', `/articles/${part}`),
        () => ask('a removed article', 410, 'GET', `/articles/${removed}`),
        () => ask('a capital', 400, 'GET', `/articles/${capital}`),
        () => ask('an underscore', 400, 'GET', `/articles/${slug.replace('-', '_')}`),
        () => ask('another path', 404, 'GET', elsewhere),
      ])
      // Each further request would wait in vain, too.
      if (!isAnswered(addresses.at(-1)?.exchange ?? null)) return { addresses, ...NOTHING }
      return {
        addresses,
        // Before any POST to the same address, which "See it" would have to repeat.
        problems: [
          await ask('a slug that never was', 404, 'GET', `/articles/${unknown}`, JSON_ONLY),
          await ask('a removed article', 410, 'GET', `/articles/${removed}`, PROBLEMS),
          await ask('a capital', 400, 'GET', `/articles/${capital}`, JSON_ONLY),
          await ask('POST', 405, 'POST', `/articles/${another}`, `${PROBLEMS}, ${JSON_ONLY}`),
          await ask('another path', 404, 'GET', elsewhere, PROBLEMS),
        ],
        article: await send({ path: `/articles/${slug}`, headers: [['Accept', JSON_ONLY]] }),
        heads: [
          await ask('a published article', 200, 'HEAD', `/articles/${slug}`),
          await ask('a slug that never was', 404, 'HEAD', `/articles/${unknown}`),
          await ask('a removed article', 410, 'HEAD', `/articles/${removed}`),
          await ask('a capital', 400, 'HEAD', `/articles/${capital}`),
        ],
        methods: [
          await ask('POST', 405, 'POST', `/articles/${slug}`),
          await ask('PUT', 405, 'PUT', `/articles/${slug}`),
          await ask('DELETE', 405, 'DELETE', `/articles/${slug}`),
        ],
        elsewhere: [
          await ask('POST, never was', 404, 'POST', `/articles/${unknown}`),
          await ask('DELETE, removed', 410, 'DELETE', `/articles/${removed}`),
        ],
      }
    },
    facts: ({ addresses, heads, ...rest }) => {
      present(addresses[0]?.exchange ?? null, 'GET /articles/{slug}')
      const [published, never, part, removed, ...malformed] = addresses
      return {
        ...rest,
        addresses,
        published,
        never,
        part,
        removed,
        malformed: malformed.slice(0, 2),
        heads: heads.map((head) => ({ ...head, content: contentAfter(head.exchange) })),
      }
    },
  },
)

export const opened = scenario('Chromium opens an article, and three addresses without one', {
  setUp: drawArticles,
  async record({ newPage }, { slug, unknown, removed, capital }) {
    const page = await newPage()
    const open = async (name: string, wanted: number, segment: string) => {
      const { document } = await page.open(`/articles/${segment}`)
      const body = await page.evaluate('document.body.innerText')
      return { name, wanted, exchange: document, body }
    }
    return {
      slug,
      article: await open('a published article', 200, slug),
      errors: [
        await open('a slug that never was', 404, unknown),
        await open('a removed article', 410, removed),
        await open('a capital', 400, capital),
      ],
    }
  },
  facts: ({ article, ...rest }) => {
    present(article.exchange, 'GET /articles/{slug}')
    return { ...rest, article }
  },
})

// On its own, because many a program ends at it.
export const broken = scenario('A client sends broken escapes, and then asks for an article', {
  setUp: drawArticles,
  async record({ send, random }, { slug }) {
    const ask = asker(send)
    const escapes = await askInTurn([
      () => ask('%zz', 400, 'GET', '/articles/%zz', JSON_ONLY),
      () => ask('% at the end', 400, 'GET', `/articles/${slug}%`, JSON_ONLY),
      () => ask('half a character', 400, 'GET', '/articles/%E2%82', JSON_ONLY),
    ])
    // A program that is ending may still accept a connection, or not.
    if (!isAnswered(escapes.at(-1)?.exchange ?? null)) return { escapes, dots: null, after: null }
    return {
      escapes,
      dots: await send({ path: `/articles/../${random.word()}`, headers: [['Accept', PAGES]] }),
      after: await send({ path: `/articles/${slug}`, headers: [['Accept', PAGES]] }),
    }
  },
})

/** Two lists of slugs, and what is in neither. */
function drawArticles({ random }: SetUpKit) {
  const slugs = new Set<string>()
  while (slugs.size < 6) slugs.add(`${random.word()}-${random.integer(10, 99)}`)
  const [another = '', slug = '', third = '', removed = '', other = '', unknown = ''] = slugs
  return {
    slug,
    another,
    removed,
    unknown,
    capital: `${slug.charAt(0).toUpperCase()}${slug.slice(1)}`,
    environment: { SLUGS: [another, slug, third].join(','), REMOVED: [other, removed].join(',') },
  }
}

function asker(send: Kit['send']) {
  return async (name: string, wanted: number, method: string, path: string, accept = PAGES) => {
    const headers = [['Accept', accept]] as const
    const exchange: Exchange | null = await send({ method, path, headers })
    return { name, wanted, exchange } satisfies Asked
  }
}

/** Ends with the first one that isn't answered. */
async function askInTurn(requests: readonly (() => Promise<Asked>)[]): Promise<Asked[]> {
  const asked: Asked[] = []
  for (const request of requests) {
    asked.push(await request())
    if (!isAnswered(asked.at(-1)?.exchange ?? null)) break
  }
  return asked
}
