import { onlySafe, recovers, sameRequest } from './again-checks.ts'
import { finalAnswers, givesUp, lettingGo } from './end-checks.ts'
import { capped, grows, jitter, obeys } from './wait-checks.ts'

export default {
  recovers,
  sameRequest,
  finalAnswers,
  onlySafe,
  givesUp,
  lettingGo,
  obeys,
  grows,
  capped,
  jitter,
}
