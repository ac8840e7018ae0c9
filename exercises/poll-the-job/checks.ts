import { onePost, followsLocation, waits } from './asking-checks.ts'
import { again, failure, patient, progress, result } from './ending-checks.ts'

export default { onePost, followsLocation, waits, progress, result, failure, patient, again }
