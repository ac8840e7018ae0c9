import { field, fields, json, matching, type Exchange, type Matcher } from '#grader'
import type { Case } from './cases.ts'

export const MERGE_PATCH = 'application/merge-patch+json'

/** A case, and what came of it on the wire. */
export interface Tried extends Case {
  readonly put: Exchange | null
  /** The PATCH. */
  readonly exchange: Exchange | null
  readonly get: Exchange | null
}

type Path = readonly string[]

/** A member of a document, by the names that lead to it. */
interface Member {
  readonly path: Path
  readonly value: unknown
}

/** Whether two values of JSON are the same; the order of members is nobody's business. */
export function same(one: unknown, other: unknown): boolean {
  if (Array.isArray(one) && Array.isArray(other))
    return one.length === other.length && one.every((item, index) => same(item, other[index]))
  if (!isObject(one) || !isObject(other)) return one === other
  const names = Object.keys(one)
  return (
    names.length === Object.keys(other).length &&
    names.every((name) => Object.hasOwn(other, name) && same(one[name], other[name]))
  )
}

/** Whether an answer has this JSON. */
export function gives(of: Exchange | null, document: unknown): boolean {
  return same(json(of), document)
}

/** The values in the objects of a document, without what is in lists. */
export function membersOf(document: unknown, path: Path = []): Member[] {
  if (!isObject(document)) return []
  return Object.entries(document).flatMap(([name, value]) => {
    const inside = [...path, name]
    const isInner = isObject(value) && Object.keys(value).length > 0
    return isInner ? membersOf(value, inside) : [{ path: inside, value }]
  })
}

/** What is at a place of a document; undefined when nothing is. */
export function at(document: unknown, path: Path): unknown {
  const [name, ...rest] = path
  if (name === undefined) return document
  return isObject(document) && Object.hasOwn(document, name) ? at(document[name], rest) : undefined
}

/** Members of the start document that the patch doesn't name. */
export function untouched({ start, patch }: Case): Member[] {
  return membersOf(start).filter(({ path }) => !reaches(patch, path))
}

function reaches(patch: unknown, path: Path): boolean {
  const [name, ...rest] = path
  if (!isObject(patch)) return true
  if (name === undefined) return false
  return Object.hasOwn(patch, name) && reaches(patch[name], rest)
}

/** The first case with a member that its PATCH should have left alone, and that is gone. */
export function withLost(tried: readonly Tried[]) {
  return firstWith(tried, (each) =>
    untouched(each).find(({ path }) => at(json(each.exchange), path) === undefined),
  )
}

/** The first case in which a member of that kind is found, with that member's place in words. */
export function firstWith(
  tried: readonly Tried[],
  find: (each: Tried, received: unknown) => Member | undefined,
) {
  for (const each of tried) {
    const received = json(each.exchange)
    const member = isObject(received) ? find(each, received) : undefined
    if (member) return { ...each, place: member.path.join('.'), value: member.value }
  }
  return undefined
}

/** The first case in whose document a null came from the patch. */
export function withNull(tried: readonly Tried[]) {
  return firstWith(tried, ({ patch }, received) =>
    membersOf(patch).find(({ path, value }) => value === null && at(received, path) === null),
  )
}

/** The case with that member of its patch, if a list became an object. */
export function withListAsObject(tried: Tried) {
  const answer = json(tried.exchange)
  const list = membersOf(tried.patch).find(
    ({ path, value }) => Array.isArray(value) && isObject(at(answer, path)),
  )
  return list && { ...tried, place: list.path.join('.'), received: at(answer, list.path) }
}

/** Whether a list still has items that were there before, and that the patch doesn't have. */
export function hasOldItems(
  old: readonly unknown[],
  patch: readonly unknown[],
  now: unknown,
): boolean {
  return (
    Array.isArray(now) &&
    !same(now, patch) &&
    old.some((item) => has(now, item) && !has(patch, item))
  )
}

function has(list: readonly unknown[], item: unknown): boolean {
  return list.some((each) => same(each, item))
}

/** Whether it is a list with a null in it, at any depth. */
export function hasNull(value: unknown): boolean {
  return Array.isArray(value) && JSON.stringify(value).includes('null')
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The document, and whatever its members called `__proto__` may be. */
export function besidePrototype(document: object): Matcher<unknown> {
  return matching(`${JSON.stringify(document)}, with or without __proto__`, (received) =>
    same(withoutPrototype(received), document),
  )
}

/** JSON without members called `__proto__`; undefined when there is none. */
export function withoutPrototype(document: unknown): unknown {
  if (document === undefined) return undefined
  return JSON.parse(JSON.stringify(document), (name, value) =>
    name === '__proto__' ? undefined : value,
  )
}

/** The types that Accept-Patch names; parameters don't count. */
export function patchTypes(of: Exchange | null): string[] {
  return listed(of, 'Accept-Patch').map((type) => type.split(';')[0]!.trim().toLowerCase())
}

/** For Accept-Patch, which may come in several lines. */
export function mergePatchAlone(of: Exchange | null): Matcher<string> {
  const types = patchTypes(of)
  return matching(
    `${MERGE_PATCH} alone`,
    () => types.length > 0 && types.every((type) => type === MERGE_PATCH),
  )
}

/** For Allow, which may come in several lines, too. */
export function allFourMethods(of: Exchange | null): Matcher<string> {
  return matching('GET, PUT, PATCH and OPTIONS among them', () => lacking(of).length === 0)
}

export function lacking(of: Exchange | null): string[] {
  const allowed = listed(of, 'Allow')
  return ['GET', 'PUT', 'PATCH', 'OPTIONS'].filter((method) => !allowed.includes(method))
}

function listed(of: Exchange | null, name: string): string[] {
  return fields(of, name)
    .flatMap((value) => value.split(','))
    .map((member) => member.trim())
    .filter((member) => member !== '')
}

export function saidOf(of: Exchange | null, name: string): string {
  const value = field(of, name)
  return value === undefined ? `no ${name}` : `\`${name}: ${value}\``
}

/** JSON as a sentence quotes it. */
export function quoted(document: unknown): string {
  const text = JSON.stringify(document) ?? 'nothing'
  return `\`${text.length > 60 ? `${text.slice(0, 60)}…` : text}\``
}
