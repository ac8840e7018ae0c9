import {
  held,
  setCookie,
  setCookies,
  table,
  type ConsoleResult,
  type Exchange,
  type Jar,
} from '#grader'

/** What a login left: on the wire, in the browser's own list, in the page's console. */
export interface Views {
  readonly login: Exchange
  readonly jar: Jar
  readonly seen: ConsoleResult
  /** GET /login by a script's fetch(), and the fields that the script saw of its answer. */
  readonly scripted: Exchange | null
  readonly scriptSaw: readonly (readonly [name: string, value: string])[]
}

/** The views side by side. */
export function viewsOfOneJar({ login, jar, seen, scripted, scriptSaw }: Views) {
  const rows = ['session', 'theme'].map((name) => [
    name,
    onTheWire(login, name),
    inTheJar(jar, name),
    inTheConsole(seen, name),
  ])
  const sees = scriptSaw.some(([name]) => name === 'set-cookie')
  const fetched = `headers list ${sees ? 'Set-Cookie' : 'no Set-Cookie'}`
  const fields = `${setCookies(scripted).length} Set-Cookie fields`
  return table(
    'Three views of one jar',
    ['cookie', 'on the wire', "in Chromium's jar", 'in document.cookie'],
    [...rows, ['fetch()', fields, '', fetched]],
  )
}

function onTheWire(login: Exchange, name: string): string {
  const cookie = setCookie(login, name)
  return cookie ? cookie.line.replace(cookie.value, brief(cookie.value)) : 'not set'
}

function inTheJar(jar: Jar, name: string): string {
  const cookie = held(jar, name)
  if (!cookie) return 'not there'
  return [
    `${name}=${brief(cookie.value)}`,
    cookie.httpOnly ? 'HttpOnly' : 'readable',
    cookie.sameSite ? `SameSite=${cookie.sameSite}` : 'no SameSite',
  ].join(', ')
}

function inTheConsole(seen: ConsoleResult, name: string): string {
  const pairs = String(seen.value).split('; ')
  const pair = pairs.find((each) => each.startsWith(`${name}=`))
  return pair === undefined ? 'not listed' : `${name}=${brief(pair.slice(name.length + 1))}`
}

/** Enough of a long value to recognise it. */
export function brief(value: string): string {
  return value.length > 12 ? `${value.slice(0, 8)}…` : value
}
