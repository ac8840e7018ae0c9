import { hasStatus, isAnswered, matching, status, type Exchange } from '#grader'

export const showing = (name: string) =>
  matching(`a text with ${name} in it`, (shown: string) => shown.includes(name))

/** `401`, or `no answer` from a program that ends at a request. */
export function received(of: Exchange | null): string {
  return String(status(of) ?? 'no answer')
}

/** The request, if it was answered and the status is another one. */
export function answeredOtherThan<Asked extends { readonly exchange: Exchange | null }>(
  wanted: number,
  asked: Asked | null | undefined,
): Asked | undefined {
  if (!asked || !isAnswered(asked.exchange) || hasStatus(wanted)(asked.exchange)) return undefined
  return asked
}

export function isIn(first: number, of: Exchange | null): boolean {
  return Math.floor((status(of) ?? 0) / 100) === first
}
