/** A request that a lesson's server is tried with. */
export interface TryRequest {
  readonly method: string
  /** The path with the query. */
  readonly target: string
  readonly fields: readonly (readonly [name: string, value: string])[]
  /** Empty: it has none. */
  readonly content: string
}

/**
 * Reads a request as `try="…"` has it: a method and a path, then where they are needed fields in
 * brackets and the content: `POST /notes [Content-Type: text/plain] A lamp`. Undefined where it is
 * written in another way.
 */
export function parseTryRequest(written: string): TryRequest | undefined {
  const found = /^([A-Z]+) (\/\S*)((?: \[[\w-]+: [^\]]+\])*)(?: ([^[].*))?$/.exec(written)
  if (!found) return undefined
  const [, method, target, fields, content = ''] = found
  return {
    method: method!,
    target: target!,
    fields: [...fields!.matchAll(/\[([\w-]+): ([^\]]+)\]/g)].map(
      ([, name, value]) => [name!, value!] as const,
    ),
    content,
  }
}

/**
 * The requests of `try="…"`, each as it is written: a semicolon ends one where a method and a path
 * follow.
 */
export function splitTryRequests(written: string): string[] {
  return written
    .split(/;(?=\s*(?:[A-Z]+ \/|$))/)
    .map((request) => request.trim())
    .filter((request) => request !== '')
}
