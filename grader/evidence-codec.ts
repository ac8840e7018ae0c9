import type { Evidence, Exchange } from './types/index.ts'

/**
 * Evidence as JSON and back. Bytes become base64; an exchange stands once in its scenario's list
 * and is named by its id wherever the facts mention it, so that what was one object before is one
 * object after. Facts hold whatever a page gave back: what JSON cannot carry, and names that look
 * like ours (`$exchange`), come back as they were.
 */
export function encodeEvidence(evidence: readonly Evidence[]): string {
  return JSON.stringify(
    evidence.map(({ facts, exchanges, ...rest }) => {
      const ids = new Set(exchanges.map(({ id }) => id))
      return {
        ...rest,
        exchanges: exchanges.map((exchange) => packProperties(exchange, NO_IDS)),
        facts: pack(facts, ids),
      }
    }),
  )
}

/**
 * Evidence of any age: what an older Roundtrip did not record yet is empty. @throws SyntaxError
 * when the text is no evidence.
 */
export function decodeEvidence(text: string): Evidence[] {
  const decoded = JSON.parse(text) as (Omit<Evidence, LaterField> &
    Partial<Pick<Evidence, LaterField>>)[]
  return decoded.map(({ facts, exchanges, ...rest }) => {
    const whole = exchanges.map((exchange) => unpack(exchange, NO_EXCHANGES) as Exchange)
    return { remarks: [], ...rest, facts: unpack(facts, byId(whole)), exchanges: whole }
  })
}

/** What was added to evidence after the first runs were kept. */
type LaterField = 'remarks'

/**
 * The facts with every exchange as it finally became: a scenario may have taken one up before its
 * answer was complete.
 */
export function settleFacts(facts: unknown, exchanges: readonly Exchange[]): unknown {
  const final = byId(exchanges)
  const settle = (value: unknown): unknown => {
    if (isExchange(value)) return final.get(value.id) ?? value
    if (Array.isArray(value)) return value.map(settle)
    return isPlain(value) ? mapEntries(value, (key, item) => [key, settle(item)]) : value
  }
  return settle(facts)
}

const NO_IDS: ReadonlySet<number> = new Set()
const NO_EXCHANGES: ReadonlyMap<number, Exchange> = new Map()

function pack(value: unknown, ids: ReadonlySet<number>): unknown {
  if (value === undefined) return { $undefined: true }
  if (typeof value === 'number' && (!Number.isFinite(value) || Object.is(value, -0)))
    return { $number: Object.is(value, -0) ? '-0' : String(value) }
  if (value instanceof Uint8Array)
    return {
      $bytes: Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('base64'),
    }
  if (isExchange(value) && ids.has(value.id)) return { $exchange: value.id }
  if (Array.isArray(value)) return value.map((item) => pack(item, ids))
  return isPlain(value) ? packProperties(value, ids) : value
}

function packProperties(object: object, ids: ReadonlySet<number>): Record<string, unknown> {
  return mapEntries(object, (key, item) => [key.startsWith('$') ? `$${key}` : key, pack(item, ids)])
}

function unpack(value: unknown, exchanges: ReadonlyMap<number, Exchange>): unknown {
  if (Array.isArray(value)) return value.map((item) => unpack(item, exchanges))
  if (!isPlain(value)) return value
  if ('$undefined' in value) return undefined
  if ('$number' in value) return Number(value['$number'])
  if ('$bytes' in value) return Buffer.from(String(value['$bytes']), 'base64')
  if ('$exchange' in value) return exchanges.get(Number(value['$exchange'])) ?? null
  return mapEntries(value, (key, item) => [
    key.startsWith('$') ? key.slice(1) : key,
    unpack(item, exchanges),
  ])
}

function byId(exchanges: readonly Exchange[]): Map<number, Exchange> {
  return new Map(exchanges.map((exchange) => [exchange.id, exchange]))
}

function isExchange(value: unknown): value is Exchange {
  return (
    isPlain(value) &&
    value['kind'] === 'exchange' &&
    typeof value['id'] === 'number' &&
    isPlain(value['request'])
  )
}

function isPlain(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

function mapEntries(
  object: object,
  map: (key: string, value: unknown) => [string, unknown],
): Record<string, unknown> {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => map(key, value)))
}
