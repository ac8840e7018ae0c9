import { MachineError, UsageError } from '../explain-error.ts'

/** What a class answered. */
export interface ClassAnswer {
  readonly status: number
  readonly body: Readonly<Record<string, unknown>>
}

export interface ClassRequest {
  /** Where the class reads. */
  readonly origin: string
  /** Below `/api/class`; empty for that itself. */
  readonly path: string
  /** Sent as JSON by POST; without it the request is a GET. */
  readonly body?: unknown
  readonly token?: string
  readonly signal: AbortSignal
}

/** The class cannot be reached at the moment. */
export class ClassAway extends MachineError {
  constructor(origin: string, reason: string) {
    super(
      `The class at ${origin} does not answer (${reason}).`,
      'Check the address and your network, then run this again. You have lost nothing: your files are where they were.',
    )
  }
}

/** A class tells news after 15 s at the latest. */
const WITHIN_MS = 30_000

/**
 * Asks a class, and gives its answer, a refusal too. A redirect is told and never followed: the code
 * and the files go nowhere that the person did not name.
 * @throws ClassAway, UsageError (it is no class), MachineError (its certificate), the signal's reason
 */
export async function askClass(request: ClassRequest): Promise<ClassAnswer> {
  const { origin, path, body, token, signal } = request
  const answer = await answered(
    origin,
    fetch(`${origin}/api/class${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      redirect: 'manual',
      signal: AbortSignal.any([signal, AbortSignal.timeout(WITHIN_MS)]),
      headers: {
        Accept: 'application/json',
        ...(token !== undefined && { Authorization: `Bearer ${token}` }),
        ...(body !== undefined && { 'Content-Type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    }),
    signal,
  )
  const { status } = answer
  if (status >= 300 && status < 400) throw redirected(origin, answer.headers.get('Location'))
  const text = await answered(origin, answer.text(), signal)
  if ([502, 503, 504].includes(status)) throw new ClassAway(origin, `status ${status}`)
  const parsed = asObject(text)
  if (!parsed || status === 500) throw status === 500 ? brokenThere(origin) : noClass(origin)
  return { status, body: parsed }
}

/** Makes sure that a class is there, before a code is sent to it. Throws what `askClass` throws. */
export async function requireClass(origin: string, signal: AbortSignal): Promise<void> {
  const { body } = await askClass({ origin, path: '', signal })
  if (body['server'] === 'roundtrip' && body['class'] === 1) return
  throw noClass(origin, 'error' in body)
}

async function answered<Result>(
  origin: string,
  result: Promise<Result>,
  signal: AbortSignal,
): Promise<Result> {
  try {
    return await result
  } catch (error) {
    signal.throwIfAborted()
    throw explainFailure(origin, error)
  }
}

function explainFailure(origin: string, error: unknown): Error {
  if (error instanceof DOMException && error.name === 'TimeoutError')
    return new ClassAway(origin, `nothing came within ${WITHIN_MS / 1000} s`)
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
  const code = String((cause as { code?: unknown }).code ?? '')
  if (/^(EPROTO|ERR_SSL_)/.test(code) && origin.startsWith('https:'))
    return new UsageError(
      `The server at ${origin} does not speak https. If that is how your class reads, use http: --to ${origin.replace('https:', 'http:')}`,
    )
  if (/CERT|SELF_SIGNED|UNABLE_TO|ALTNAME/.test(code))
    return new MachineError(
      `The certificate of ${origin} cannot be trusted (${code}), so nothing was sent.`,
      'Check the address. If your school signs its own certificates, name its file: NODE_EXTRA_CA_CERTS=school.pem',
    )
  return new ClassAway(origin, REASONS[code] ?? (code || String((cause as Error).message)))
}

const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there',
  ENOTFOUND: 'no machine has this name',
  EAI_AGAIN: 'its name cannot be looked up at the moment',
  ETIMEDOUT: 'no connection came about',
  UND_ERR_CONNECT_TIMEOUT: 'no connection came about',
  ECONNRESET: 'the connection broke',
  UND_ERR_SOCKET: 'the connection broke',
  EHOSTUNREACH: 'no way leads there',
  ENETUNREACH: 'this machine has no network',
}

function redirected(origin: string, location: string | null): UsageError {
  const there =
    location !== null && URL.canParse(location, origin) ? new URL(location, origin) : null
  const isWeb = there !== null && /^https?:$/.test(there.protocol) && there.origin !== origin
  const remedy = isWeb
    ? `If that is your class, name it: --to ${there.origin}`
    : 'Check the address: it is on your card.'
  return new UsageError(
    `${origin} leads elsewhere${isWeb ? `, to ${there.origin}` : ''}. Nothing was sent there. ${remedy}`,
  )
}

function noClass(origin: string, isRoundtrip = false): UsageError {
  return new UsageError(
    isRoundtrip
      ? `The server at ${origin} is not a class's. If it is a Roundtrip that you started with npm start, leave out --to.`
      : `The server at ${origin} is not a Roundtrip. Check the address: it is on your card.`,
  )
}

function brokenThere(origin: string): MachineError {
  return new MachineError(
    `The class at ${origin} met a fault of its own.`,
    'Run this again. If it happens again, tell your teacher: the terminal in which the class runs says more.',
  )
}

function asObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined
  } catch {
    return undefined
  }
}
