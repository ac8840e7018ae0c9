import { request } from 'node:http'
import { text } from 'node:stream/consumers'

interface Message {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

interface Limits {
  readonly tries?: number
  readonly base?: number
  readonly cap?: number
}

interface Answer {
  readonly status: number
  readonly body: string
}

/** Sends a request, and again where that may help. Gives the last answer. */
export async function sendWithRetry(
  url: string,
  message: Message = {},
  limits: Limits = {},
): Promise<Answer> {
  // TODO: Look at what came of it. Wait as `limits` say, and send it again where that may help.
  void limits
  return send(url, message)
}

/** One request and its whole answer. Rejects when the connection is lost before that. */
function send(url: string, { method = 'GET', headers = {}, body }: Message): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, headers }, (response) => {
      const { statusCode = 0 } = response
      text(response).then((content) => resolve({ status: statusCode, body: content }), reject)
    })
    sent.on('error', reject)
    sent.end(body)
  })
}
