import { deepFreeze } from './types/helpers/deep-freeze.ts'
import type { Evidence, Exchange } from './types/index.ts'

/** Counts up whenever evidence of before can no longer be judged again. */
const FORMAT = 2

/**
 * Evidence as JSON. Bytes become base64; an exchange is in its scenario's list once and is named by
 * its id wherever else it was recorded, so that what was one object before is one object after.
 * What a page gave back may be anything: what JSON cannot carry, and names that look like ours
 * (`$exchange`), come back as they were.
 */
export function encodeEvidence(evidence: readonly Evidence[]): string {
  const scenarios = evidence.map(({ recorded, exchanges, ...rest }) => {
    const ids = new Set(exchanges.map(({ id }) => id))
    return {
      ...rest,
      exchanges: exchanges.map((exchange) => packProperties(exchange, NO_IDS)),
      recorded: pack(recorded, ids),
    }
  })
  return JSON.stringify({ format: FORMAT, scenarios })
}

/**
 * Evidence of any age, frozen as it was when it was judged, to be shown; isJudgeable() says whether
 * it can be judged again.
 * @throws SyntaxError when the text isn't JSON
 */
export function decodeEvidence(text: string): Evidence[] {
  return packed(text).map(({ recorded, exchanges, ...rest }) => {
    const whole = exchanges.map((exchange) => unpack(exchange, NO_EXCHANGES) as Exchange)
    return deepFreeze({
      remarks: [],
      ...rest,
      recorded: unpack(recorded, byId(whole)),
      exchanges: whole,
    })
  })
}

/**
 * Whether encoded evidence can be judged again. Older evidence holds what the checks of its time
 * needed.
 * @throws SyntaxError when the text isn't JSON
 */
export function isJudgeable(text: string): boolean {
  const decoded: unknown = JSON.parse(text)
  return (
    typeof decoded === 'object' &&
    decoded !== null &&
    'format' in decoded &&
    decoded.format === FORMAT
  )
}

/** Evidence whose values are still packed. */
type Packed = Omit<Evidence, 'remarks'>

function packed(text: string): readonly Packed[] {
  const decoded = JSON.parse(text) as { scenarios: readonly Packed[] } | readonly Packed[]
  // The first format was the list alone.
  return 'scenarios' in decoded ? decoded.scenarios : decoded
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
