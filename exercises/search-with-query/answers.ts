import { field, fields, json, matching, status, type Exchange, type Matcher } from '#grader'

/** A part of the catalogue, as `PARTS` and the answers have it. */
export interface Part {
  readonly code: string
  readonly stock: number
}

/** RFC 9110 §4.1: nobody on the way has to take more. */
export const LONGEST_ADDRESS = 8000

/** What a case is called, and what came of it. */
export interface Case {
  readonly name: string
  readonly exchange: Exchange | null
}

/** The content of a QUERY for these codes. */
export function asWritten(codes: unknown): string {
  return JSON.stringify(typeof codes === 'string' ? codes : { codes })
}

/** The types that Accept-Query names: tokens or texts, whose parameters don't count. */
export function queryTypes(of: Exchange | null): string[] {
  return members(of, 'Accept-Query').map((member) => {
    const [type = ''] = member.split(';')
    return type
      .trim()
      .replace(/^"(.*)"$/, '$1')
      .toLowerCase()
  })
}

export const justJson: Matcher<string[]> = matching(
  'application/json alone',
  (types) => types.length > 0 && types.every((type) => type === 'application/json'),
)

export function allowed(of: Exchange | null): string[] {
  return members(of, 'Allow')
}

export function lacking(of: Exchange | null): string[] {
  return ['GET', 'HEAD', 'QUERY'].filter((method) => !allowed(of).includes(method))
}

export const namesAllThree: Matcher<string[]> = matching(
  'GET, HEAD and QUERY among them',
  (methods) => ['GET', 'HEAD', 'QUERY'].every((method) => methods.includes(method)),
)

function members(of: Exchange | null, name: string): string[] {
  return fields(of, name)
    .flatMap((value) => value.split(','))
    .map((member) => member.trim())
    .filter((member) => member !== '')
}

/** The codes of the parts in an answer; none when it holds no list of parts. */
function codesIn(of: Exchange | null): string[] {
  const parts = json(of)
  return Array.isArray(parts) ? parts.map((part) => String(part?.code)) : []
}

/** Whether an answer holds exactly these parts. */
export function gives(of: Exchange | null, parts: readonly Part[]): boolean {
  return codesIn(of).join('\n') === parts.map(({ code }) => code).join('\n')
}

/** Whether the search went well and found nothing. */
export function isEmptyList(of: Exchange | null): boolean {
  const parts = json(of)
  return status(of) === 200 && Array.isArray(parts) && parts.length === 0
}

/** The length of the content, as it was said or as it came. */
export function lengthOf(of: Exchange): string {
  return field(of, 'Content-Length') ?? String(of.response?.body.length)
}

/** The first case that was answered with one of these statuses. */
export function answeredWith<Given extends Case>(
  cases: readonly Given[],
  ...statuses: readonly number[]
): Given | undefined {
  return cases.find(({ exchange }) => statuses.includes(status(exchange) ?? 0))
}

export function hasField(of: Exchange | null, name: string): boolean {
  return field(of, name) !== undefined
}

export function saidOf(of: Exchange | null, name: string): string {
  const value = field(of, name)
  return value === undefined ? `no ${name}` : `\`${name}: ${value}\``
}
