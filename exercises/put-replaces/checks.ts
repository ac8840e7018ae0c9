import { createOrReplace, removes, repeatable, replacesWhole, stored } from './profile-checks.ts'
import { brokenRefused, methodGuard, names } from './refusal-checks.ts'

export default {
  stored,
  createOrReplace,
  replacesWhole,
  removes,
  repeatable,
  brokenRefused,
  methodGuard,
  names,
}
