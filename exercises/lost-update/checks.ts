import { grammar, strongOnly } from './grammar-checks.ts'
import { createOnly, oneWinner } from './race-checks.ts'
import { carelessRefused, staleRefused } from './refusal-checks.ts'
import { bothGoOn, secondTabStopped } from './tab-checks.ts'
import { newTag, tag } from './tag-checks.ts'

export default {
  tag,
  newTag,
  secondTabStopped,
  bothGoOn,
  carelessRefused,
  staleRefused,
  grammar,
  strongOnly,
  oneWinner,
  createOnly,
}
