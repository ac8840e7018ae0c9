/**
 * What an author writes with: `import { check, scenario } from '#grader'`. Light on purpose:
 * nothing here loads a browser.
 */
export { check, type Check, type DiagnosisRule } from './judge/check.ts'
export { scenario, together, type Scenario } from './scenario.ts'
export type { Expect } from './judge/claims/expect.ts'
export {
  anything,
  atLeast,
  between,
  differing,
  longerThan,
  matching,
  type Matcher,
} from './judge/claims/matcher.ts'
export { bodyText, header, headers, jsonBody } from './judge/read/message.ts'
export { nearField } from './judge/exhibits/near-field.ts'
export {
  cookieSent,
  cookiesSent,
  setCookie,
  setCookies,
  type SetCookie,
} from './judge/read/cookie-fields.ts'
export { readStrictly, type StrictMessage, type StrictReading } from './judge/read/read-strictly.ts'
export { leftBetween, secondsAfter } from './judge/read/timing.ts'
export { bytesExhibit } from './judge/exhibits/bytes-exhibit.ts'
export { ribbon, table } from './judge/exhibits/exhibits.ts'
export type { Kit, SetUp, SetUpKit, ConnectOptions } from './types/kit.ts'
export type { Certificate, CertificateOptions } from './record/wire/tls/certificate.ts'
export type { Answer, Asked, Origin, OriginOptions, Reply } from './record/wire/partner-server.ts'
export type { Fetched } from './record/browser/page/page.ts'
export type { Http2Connection, Http2Request } from './record/wire/tls/http2-connection.ts'
export type { RawConnection } from './record/wire/raw-connection.ts'
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
} from './types/index.ts'
