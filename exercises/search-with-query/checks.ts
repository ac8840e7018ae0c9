import { otherMethods, otherTypes, unusable } from './refusal-checks.ts'
import {
  announced,
  findsByAddress,
  headMirrors,
  linked,
  pageFinds,
  readWhole,
} from './search-checks.ts'

export default {
  findsByAddress,
  announced,
  headMirrors,
  pageFinds,
  readWhole,
  linked,
  otherTypes,
  unusable,
  otherMethods,
}
