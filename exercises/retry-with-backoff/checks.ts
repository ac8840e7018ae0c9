import { recovers } from './again-checks.ts'
import { finalAnswers, givesUp, lettingGo } from './end-checks.ts'
import { onlySafe, sameRequest } from './repeat-checks.ts'
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
