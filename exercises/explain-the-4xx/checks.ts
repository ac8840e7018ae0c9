import { headErrors, alive } from './edge-checks.ts'
import { allow, kinds } from './kind-checks.ts'
import { ownPages, problem } from './word-checks.ts'

export default { kinds, ownPages, problem, allow, headErrors, alive }
