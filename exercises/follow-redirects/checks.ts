import { keepsFields, resolve, secrets } from './address-checks.ts'
import { body, follows, methods } from './request-checks.ts'
import { chain, limits, noLocation, onlyFive, scheme } from './result-checks.ts'

export default {
  follows,
  methods,
  body,
  chain,
  resolve,
  keepsFields,
  secrets,
  noLocation,
  onlyFive,
  limits,
  scheme,
}
