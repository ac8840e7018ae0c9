import { answers, cookies } from './answer-checks.ts'
import { aborts, badGateway, breaks, patient, streams, timeout } from './fault-checks.ts'
import { forwards, hopByHop, introduces, tellsClient } from './forward-checks.ts'

export default {
  forwards,
  hopByHop,
  introduces,
  tellsClient,
  cookies,
  answers,
  badGateway,
  timeout,
  streams,
  patient,
  breaks,
  aborts,
}
