import { challenge, open } from './stranger-checks.ts'
import { browserLogin, colonUtf8, schemeCase } from './login-checks.ts'
import { brokenAgain, forbidden, wrongAgain } from './refusal-checks.ts'

export default {
  challenge,
  open,
  colonUtf8,
  schemeCase,
  browserLogin,
  wrongAgain,
  brokenAgain,
  forbidden,
}
