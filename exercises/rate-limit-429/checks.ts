import { allows, atOnce, limits, needsKey, perKey } from './limit-checks.ts'
import { forgets, remembers } from './memory-checks.ts'
import { keepsComing, oneByOne, rest, retryHonest, steady } from './time-checks.ts'

export default {
  allows,
  limits,
  needsKey,
  perKey,
  atOnce,
  steady,
  remembers,
  retryHonest,
  oneByOne,
  keepsComing,
  rest,
  forgets,
}
