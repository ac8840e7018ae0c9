import { request } from 'node:http'
import { text } from 'node:stream/consumers'

interface Options {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

interface Result {
  readonly status: number
  readonly body: string
  readonly chain: { method: string; url: string; status: number }[]
}

/** Sends a request, follows the redirects it meets, and gives the last answer. */
export async function follow(url: string, options: Options): Promise<Result> {
  const { method = 'GET', headers = {}, body } = options
  // TODO: Look at the answer, and follow it where it redirects.
  const { status, content } = await send(new URL(url), method, headers, body)
  return { status, body: content, chain: [{ method, url, status }] }
}

/** One request and its whole answer. */
function send(
  url: URL,
  method: string,
  headers: Readonly<Record<string, string>>,
  body: string | undefined,
) {
  const { promise, resolve, reject } = Promise.withResolvers<{
    status: number
    location: string | undefined
    content: string
  }>()
  const sent = request(url, { method, headers }, (response) => {
    const { statusCode = 0, headers: fields } = response
    text(response).then(
      (content) => resolve({ status: statusCode, location: fields.location, content }),
      reject,
    )
  })
  sent.on('error', reject)
  sent.end(body)
  return promise
}
