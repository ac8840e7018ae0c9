import type { Protocol } from 'puppeteer'

/**
 * Whether one of the caches on disk answered. `type`: what the request was made for. The answer of
 * a prefetch by speculation rules is said to be from the prefetch cache although it has only just
 * crossed the wire; for the visit that it was fetched for, it is.
 */
export function isFromCache(
  { fromDiskCache, fromPrefetchCache }: Protocol.Network.Response,
  type: Protocol.Network.ResourceType | undefined,
): boolean {
  return fromDiskCache === true || (fromPrefetchCache === true && type !== 'Prefetch')
}
