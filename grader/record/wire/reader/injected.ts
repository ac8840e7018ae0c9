import type { Exchange, InjectedFault } from '../../../types/index.ts'
import type { Writable } from '../../../types/writable.ts'
import type { LogEntry } from './log.ts'

/**
 * Notes in an exchange what was done to it, and in the others that are open on its connection when
 * that was cut.
 */
export function addInjected(
  { exchange, fault, at }: Extract<LogEntry, { kind: 'injected' }>,
  open: readonly Exchange[],
): void {
  const met = fault.kind === 'cut' ? new Set([exchange, ...open]) : [exchange]
  for (const each of met as Iterable<Writable<Exchange>>)
    each.injected = [...(each.injected ?? []), { ...fault, at }]
}

/** Notes when what was held of it was released. */
export function endInjected({ exchange, at }: Extract<LogEntry, { kind: 'released' }>): void {
  const isHeld = ({ until }: InjectedFault) => until === null
  exchange.injected = (exchange.injected ?? []).map((fault) =>
    isHeld(fault) ? { ...fault, until: at } : fault,
  )
}
