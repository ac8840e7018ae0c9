import { hasContent, statuses, type Cell, type RedirectStatus } from './redirects.ts'

/** What a reader expects of one status. */
export interface Guess {
  readonly post: 'same' | 'get'
  readonly put: 'same' | 'get'
  readonly second: 'asked' | 'skipped'
}

/** What one part of a guess was worth: a sentence or two. */
export interface Ruling {
  readonly right: boolean
  readonly words: string
}

/** `cells`: of this status, in any order. */
export function ruleOnRedirect(
  status: RedirectStatus,
  cells: readonly Cell[],
  guess: Guess,
): Ruling[] {
  const [get, post, put] = (['GET', 'POST', 'PUT'] as const).map((method) =>
    cells.find(({ sent }) => sent === method)!,
  ) as [Cell, Cell, Cell]
  return [
    ruling(guess.post, methodOf(post), asked(post, guess.post), arrivedAs(post)),
    ruling(guess.put, methodOf(put), asked(put, guess.put), arrivedAs(put)),
    ruling(guess.second, get.second, SECOND[guess.second], secondTime(status, get)),
  ]
}

/** The rulings in one sentence. */
export function inShort(status: RedirectStatus, rulings: readonly Ruling[]): string {
  const right = rulings.filter((each) => each.right).length
  return right === rulings.length
    ? `${status}: you were right about all ${right}.`
    : `${status}: you were right about ${right} of ${rulings.length}.`
}

/** Why a status has this effect, as the standards say it. */
export const reasons: Readonly<Record<RedirectStatus, string>> = {
  301: '301 means “moved for good”. Browsers have long turned a POST into a GET here, so the standard permits that.',
  302: '302 means “over there for now”. Browsers have long turned a POST into a GET here, so the standard permits that.',
  303: '303 means “GET the result over there”, so each method but GET and HEAD becomes GET.',
  307: '307 means “over there for now, with the same method”.',
  308: '308 means “moved for good, with the same method”.',
}

/** What all five have shown, once they have been tried. */
export function sumUp(rows: ReadonlyMap<RedirectStatus, readonly Cell[]>): string {
  const where = (holds: (cell: Cell) => boolean) =>
    statuses.filter((status) => rows.get(status)?.some(holds))
  const kept = where((cell) => cell.sent === 'POST' && cell.arrived === 'POST')
  const lost = where((cell) => cell.sent === 'PUT' && cell.arrived === 'GET')
  const skipped = where((cell) => cell.sent === 'GET' && cell.second === 'skipped')
  return [
    `In your browser, a POST stayed a POST with ${listed(kept)}.`,
    `A PUT became a GET with ${listed(lost)}.`,
    skipped.length === 0
      ? 'The second GET was sent to the old address each time.'
      : `The second GET skipped the old address with ${listed(skipped)}.`,
  ].join(' ')
}

function ruling(guess: string, came: string | null, said: string, words: string): Ruling {
  const right = guess === came
  return { right, words: right ? `Right. ${words}` : `Not quite: you said ${said}. ${words}` }
}

function methodOf({ sent, arrived }: Cell): 'same' | 'get' | null {
  if (arrived === sent) return 'same'
  return arrived === 'GET' ? 'get' : null
}

function asked({ sent }: Cell, guess: 'same' | 'get'): string {
  return guess === 'same' ? `that ${sent} stays` : `that ${sent} becomes GET`
}

function arrivedAs({ sent, arrived, withContent }: Cell): string {
  if (arrived === null) return `No answer to the ${sent} led to the new address.`
  const content = hasContent(sent) ? `, ${withContent ? 'with' : 'without'} its content` : ''
  return `The ${sent} arrived as ${arrived}${content}.`
}

const SECOND = {
  asked: 'that the old address is asked again',
  skipped: 'that the old address is skipped',
} as const

function secondTime(status: RedirectStatus, { second }: Cell): string {
  switch (second) {
    case 'skipped':
      return 'The second GET went straight to the new address, so no request for the old one came.'
    case 'asked':
      return `The second GET asked the old address again. ${againBecause(status)}`
    case null:
      return 'The second GET didn’t arrive.'
  }
}

function againBecause(status: RedirectStatus): string {
  if (status === 303) return 'A 303 is about one request only.'
  return status === 302 || status === 307
    ? `A ${status} is only for now.`
    : `A browser may remember a ${status}, but it needn’t: engines differ, and DevTools can switch the cache off.`
}

function listed(all: readonly RedirectStatus[]): string {
  if (all.length < 2) return String(all[0] ?? 'none of the five')
  return `${all.slice(0, -1).join(', ')} and ${all.at(-1)}`
}
