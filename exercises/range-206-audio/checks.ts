import { head, ignores, notMixed, resumes, unsatisfiable } from './edge-checks.ts'
import { contentRange, exact, seeks, suffix, whole } from './range-checks.ts'

export default {
  whole,
  seeks,
  contentRange,
  exact,
  suffix,
  unsatisfiable,
  ignores,
  resumes,
  notMixed,
  head,
}
