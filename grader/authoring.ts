/**
 * What an author writes with: `import { check, scenario } from '#grader'`. Light on purpose:
 * nothing here loads a browser.
 */
export { check, type Check, type DiagnosisRule } from './judge/check.ts'
export { scenario, together, type Scenario } from './scenario.ts'
export type { Expect } from './judge/expect.ts'
export {
  anything,
  atLeast,
  between,
  differing,
  longerThan,
  matching,
  type Matcher,
} from './judge/matcher.ts'
export { bodyText, header, headers, jsonBody } from './judge/message.ts'
export { nearField } from './judge/near-field.ts'
export {
  cookieSent,
  cookiesSent,
  setCookie,
  setCookies,
  type SetCookie,
} from './judge/cookie-fields.ts'
export { readStrictly, type StrictMessage, type StrictReading } from './judge/read-strictly.ts'
export { leftBetween, secondsAfter } from './judge/timing.ts'
export { bytesExhibit } from './judge/bytes-exhibit.ts'
export { ribbon, table } from './judge/exhibits.ts'
export type { Kit, SetUp, SetUpKit, Way } from './gather/kit.ts'
export type { Certificate, CertificateOptions } from './gather/certificate.ts'
export type { Answer, Asked, Origin, OriginOptions, Reply } from './gather/origin.ts'
export type { Fetched } from './gather/page.ts'
export type { Http2Connection, Http2Request } from './gather/http2-connection.ts'
export type { RawConnection } from './gather/raw-connection.ts'
export type {
  Call,
  ConsoleResult,
  Cookie,
  Exchange,
  Exhibit,
  Handshake,
  Interim,
  Jar,
  RawRecord,
  Visit,
} from './types.ts'
