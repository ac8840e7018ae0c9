import { request } from 'node:http'
import { text } from 'node:stream/consumers'

type Fields = Readonly<Record<string, string>>

interface Options {
  readonly method?: string
  readonly headers?: Fields
  readonly body?: string
}

interface Hop {
  readonly method: string
  readonly url: string
  readonly status: number
}

interface Result {
  readonly status: number
  readonly body: string
  readonly chain: Hop[]
}

const REDIRECTS = [301, 302, 303, 307, 308]
const MOST_REDIRECTS = 20

/** Sends a request, follows the redirects it meets, and gives the last answer. */
export async function follow(start: string, options: Options): Promise<Result> {
  const chain: Hop[] = []
  let url = new URL(start)
  let { method = 'GET', headers = {}, body } = options

  for (;;) {
    const { status, location, content } = await send(url, method, headers, body)
    chain.push({ method, url: url.href, status })
    if (!REDIRECTS.includes(status) || location === undefined)
      return { status, body: content, chain }
    if (chain.length > MOST_REDIRECTS) throw new Error(`more than ${MOST_REDIRECTS} redirects`)

    const next = new URL(location, url)
    if (!['http:', 'https:'].includes(next.protocol)) throw new Error(`cannot ask for ${next.href}`)

    // The server that answered chose the next address, and it may belong to a stranger.
    if (next.origin !== url.origin)
      headers = without(headers, (name) => name === 'authorization' || name === 'cookie')

    const nextMethod = methodAfter(status, method)
    if (nextMethod !== method) {
      body = undefined
      headers = without(headers, (name) => name.startsWith('content-'))
    }
    method = nextMethod
    url = next
  }
}

function methodAfter(status: number, method: string): string {
  if (status === 303 && method !== 'HEAD') return 'GET'
  if ((status === 301 || status === 302) && method === 'POST') return 'GET'
  return method
}

/** The fields that are left; names are given in lower case, for they have no case. */
function without(fields: Fields, isUnwanted: (name: string) => boolean): Fields {
  return Object.fromEntries(
    Object.entries(fields).filter(([name]) => !isUnwanted(name.toLowerCase())),
  )
}

/** One request and its whole answer. */
function send(url: URL, method: string, headers: Fields, body: string | undefined) {
  const { promise, resolve, reject } = Promise.withResolvers<{
    status: number
    location: string | undefined
    content: string
  }>()
  const sent = request(url, { method, headers }, (response) => {
    const { statusCode = 0, headers: fields } = response
    // Read to its end even if nobody wants it: until then the connection isn't free again.
    text(response).then(
      (content) => resolve({ status: statusCode, location: fields.location, content }),
      reject,
    )
  })
  sent.on('error', reject)
  sent.end(body)
  return promise
}
