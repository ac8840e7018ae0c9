import { cheap, fields, onlyReads } from './answer-checks.ts'
import { dates, elsewhere, grammar, otherTags, precedence } from './condition-checks.ts'
import { changesSeen, secondVisit, styled, toldToAsk } from './visit-checks.ts'

export default {
  styled,
  secondVisit,
  toldToAsk,
  changesSeen,
  grammar,
  otherTags,
  dates,
  precedence,
  fields,
  cheap,
  onlyReads,
  elsewhere,
}
