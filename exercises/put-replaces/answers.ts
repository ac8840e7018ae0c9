import { json, matching, status, type Exchange } from '#grader'

type Subject = Exchange | null

/** What a PUT gets where a profile was. */
export const replaced = matching('200 or 204', (got: number) => got === 200 || got === 204)

export const wentWell = matching('200, 201 or 204', (got: number) => [200, 201, 204].includes(got))

export function isSuccess(of: Subject): boolean {
  return Math.floor((status(of) ?? 0) / 100) === 2
}

export function isServerError(of: Subject): boolean {
  return (status(of) ?? 0) >= 500
}

/** The members of the JSON object in an answer; undefined when it holds none. */
export function membersOf(of: Subject): Record<string, unknown> | undefined {
  const content = json(of)
  const isObject = typeof content === 'object' && content !== null && !Array.isArray(content)
  return isObject ? (content as Record<string, unknown>) : undefined
}

/** The names of members that were not put. */
export function addedTo(profile: object, of: Subject): string[] {
  return Object.keys(membersOf(of) ?? {}).filter((name) => !(name in profile))
}

/** The methods that have to be in Allow and are not. */
export function lackingIn(allow: string): string[] {
  const methods = methodsIn(allow)
  return ['GET', 'PUT', 'DELETE'].filter((method) => !methods.includes(method))
}

/** The methods in Allow that get 405. */
export function refusedIn(allow: string): string[] {
  return methodsIn(allow).filter((method) => method === 'POST' || method === 'PATCH')
}

/** `phone and team` */
export function inWords(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`
}

function methodsIn(allow: string): string[] {
  return allow.split(',').map((member) => member.trim())
}
