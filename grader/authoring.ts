/**
 * What an author writes with: `import { check, scenario } from '#grader'`. Light on purpose:
 * nothing here loads a browser.
 */
export { check, type Check } from './judge/check.ts'
export { present } from './judge/facts.ts'
export { rule, type Rule } from './judge/rule.ts'
export { scenario, together, type Scenario } from './scenario.ts'
export type { Expect } from './judge/claims/expect.ts'
export {
  anything,
  atLeast,
  between,
  differing,
  longerThan,
  matching,
  type,
  type Matcher,
} from './judge/claims/matcher.ts'
export { seconds, waitsBetween } from './judge/claims/duration-claims.ts'
export { held } from './judge/read/held.ts'
export { nearField } from './judge/exhibits/near-field.ts'
export {
  cookieSent,
  cookiesSent,
  setCookie,
  setCookies,
  type SetCookie,
} from './judge/read/cookie-fields.ts'
export {
  field,
  fields,
  isAnswered,
  json,
  path,
  sentField,
  status,
  text,
} from './judge/read/on-wire.ts'
export { parseJson } from './judge/read/parse-json.ts'
export {
  deletesCookie,
  hasStatus,
  hasType,
  sendsCookie,
  setsCookie,
  type Predicate,
} from './judge/read/predicates.ts'
export { inTenths, secondsAfter } from './judge/read/timing.ts'
export { strictFault, type StrictFault } from './judge/read/strict/strict-fault.ts'
export {
  readStrictly,
  type StrictMessage,
  type StrictReading,
} from './judge/read/strict/read-strictly.ts'
export { bytesExhibit } from './judge/exhibits/bytes-exhibit.ts'
export { cookieChart, table } from './judge/exhibits/exhibits.ts'
export type { OnWire } from './types/helpers/on-wire.ts'
export { chunked, type ChunkedOptions } from './record/wire/partner/chunked.ts'
export type { Kit, SetUp, SetUpKit, ConnectOptions, SiteAnswer } from './types/kit.ts'
export type { Certificate, CertificateOptions } from './record/wire/tls/certificate.ts'
export type { Answer, Asked, Reply } from './record/wire/partner/answer-request.ts'
export type { Origin, OriginOptions } from './record/wire/partner/partner-server.ts'
export type { Serve, ServedConnection } from './record/wire/partner/served-connection.ts'
export type {
  CutOptions,
  Hold,
  HoldOptions,
  Injection,
  RequestMatch,
  Wire,
} from './record/wire/faults/fault-injection.ts'
export type { Page, PageOptions } from './types/page.ts'
export type { BrowserRequest, Download, Fetched, Lead } from './types/seen-by-browser.ts'
export type { Http2Connection, Http2Request } from './record/wire/tls/http2-connection.ts'
export type { ConnectionEnd } from './record/wire/raw/connection-end.ts'
export type { RawConnection } from './record/wire/raw/raw-connection.ts'
export type { RawRequest } from './record/wire/raw/raw-request.ts'
export type {
  Call,
  ConsoleResult,
  Cookie,
  Exchange,
  Exhibit,
  Handshake,
  InjectedFault,
  Interim,
  Jar,
  LearnerProgram,
  OutputLine,
  ProgramEnd,
  RawRecord,
  Security,
  ShownCertificate,
  Visit,
} from './types/index.ts'
