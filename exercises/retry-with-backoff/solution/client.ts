import { request } from 'node:http'
import { text } from 'node:stream/consumers'
import { setTimeout as wait } from 'node:timers/promises'

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

interface Outcome {
  /** Undefined when the connection was lost before the answer was whole. */
  readonly answer?: Answer
  /** Milliseconds that the server asks for. */
  readonly retryAfter?: number | undefined
  readonly error?: unknown
}

const IDEMPOTENT = ['GET', 'HEAD', 'PUT', 'DELETE', 'OPTIONS']

/** Sends a request, and again where that may help. Gives the last answer. */
export async function sendWithRetry(
  url: string,
  message: Message = {},
  { tries = 5, base = 100, cap = 2000 }: Limits = {},
): Promise<Answer> {
  for (let sent = 1; ; sent++) {
    const { answer, retryAfter, error } = await send(url, message)
    if (sent === tries || !mayRepeat(message, answer?.status)) {
      if (answer === undefined) throw error
      return answer
    }
    const limit = Math.min(cap, base * 2 ** (sent - 1))
    await wait(retryAfter ?? Math.random() * limit)
  }
}

function mayRepeat({ method = 'GET', headers = {} }: Message, status: number | undefined) {
  if (status === 429) return true
  const isTemporary = status === undefined || [502, 503, 504].includes(status)
  const hasKey = Object.keys(headers).some((name) => name.toLowerCase() === 'idempotency-key')
  return isTemporary && (IDEMPOTENT.includes(method) || hasKey)
}

function inMilliseconds(retryAfter: string | undefined): number | undefined {
  if (retryAfter === undefined) return undefined
  if (/^\d+$/.test(retryAfter)) return Number(retryAfter) * 1000
  return Math.max(0, Date.parse(retryAfter) - Date.now())
}

/** One request, and what came of it. */
function send(url: string, { method = 'GET', headers = {}, body }: Message): Promise<Outcome> {
  return new Promise((resolve) => {
    const lost = (error: unknown) => resolve({ error })
    const sent = request(url, { method, headers }, (response) => {
      const { statusCode = 0, headers: fields } = response
      const retryAfter = inMilliseconds(fields['retry-after'])
      // Read to its end even if nobody wants it: until then the connection isn't free again.
      text(response).then(
        (content) => resolve({ answer: { status: statusCode, body: content }, retryAfter }),
        lost,
      )
    })
    sent.on('error', lost)
    sent.end(body)
  })
}
