import type { Evidence, Exchange } from './types.ts'

/**
 * Evidence as JSON and back. Bytes become base64; an exchange stands once in its scenario's list and is named by its id wherever the facts
 * mention it, so that what was one object before is one object after.
 */
export function encodeEvidence(evidence: readonly Evidence[]): string {
  return JSON.stringify(evidence.map(({ facts, ...rest }) => ({ ...rest, facts: withReferences(facts) })), (_key, value: unknown) => encodeBytes(value))
}

/** @throws SyntaxError when the text is no evidence. */
export function decodeEvidence(text: string): Evidence[] {
  const decoded = JSON.parse(text, (_key, value: unknown) => decodeBytes(value)) as Evidence[]
  return decoded.map((evidence) => {
    const byId = new Map(evidence.exchanges.map((exchange) => [exchange.id, exchange]))
    return { ...evidence, facts: withExchanges(evidence.facts, byId) }
  })
}

/** The facts with every exchange as it finally became: a scenario may have taken one up before its answer was complete. */
export function settleFacts(facts: unknown, exchanges: readonly Exchange[]): unknown {
  return withExchanges(withReferences(facts), new Map(exchanges.map((exchange) => [exchange.id, exchange])))
}

function encodeBytes(value: unknown): unknown {
  // Buffer.toJSON has already run when a replacer sees the value.
  if (isPlain(value) && value['type'] === 'Buffer' && Array.isArray(value['data'])) return { $bytes: Buffer.from(value['data'] as number[]).toString('base64') }
  if (value instanceof Uint8Array) return { $bytes: Buffer.from(value).toString('base64') }
  return value
}

function decodeBytes(value: unknown): unknown {
  return isPlain(value) && typeof value['$bytes'] === 'string' ? Buffer.from(value['$bytes'], 'base64') : value
}

function withReferences(value: unknown): unknown {
  if (isExchange(value)) return { $exchange: value.id }
  if (value instanceof Uint8Array) return value
  if (Array.isArray(value)) return value.map(withReferences)
  return isPlain(value) ? mapValues(value, withReferences) : value
}

function withExchanges(value: unknown, byId: ReadonlyMap<number, Exchange>): unknown {
  if (value instanceof Uint8Array) return value
  if (Array.isArray(value)) return value.map((item) => withExchanges(item, byId))
  if (!isPlain(value)) return value
  if (typeof value['$exchange'] === 'number') return byId.get(value['$exchange']) ?? null
  return mapValues(value, (item) => withExchanges(item, byId))
}

function isExchange(value: unknown): value is Exchange {
  return isPlain(value) && value['kind'] === 'exchange'
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function mapValues(object: Record<string, unknown>, map: (value: unknown) => unknown): Record<string, unknown> {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, map(value)]))
}
