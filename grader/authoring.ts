/**
 * What an author writes with: `import { check, scenario } from '#grader'`. Light on purpose: nothing here loads a browser.
 */
export { check, type Check, type DiagnosisRule } from './judge/check.ts'
export { scenario, together, type Scenario } from './scenario.ts'
export type { Expect } from './judge/expect.ts'
export { anything, atLeast, between, longerThan, matching, type Matcher } from './judge/matcher.ts'
export { bodyText, header, headers, jsonBody } from './judge/message.ts'
export { cookieSent, cookiesSent, setCookie, setCookies, type SetCookie } from './judge/cookie-fields.ts'
export { leftBetween, secondsAfter } from './judge/timing.ts'
export { ribbon, table } from './judge/exhibits.ts'
export type { Kit, ServerKit } from './gather/server-kit.ts'
export type { ConsoleResult, Cookie, Exchange, Exhibit, Jar, Visit } from './types.ts'
