import { equalEntries, ownPage, signOnlyPosts, unknownIds } from './by-hand.ts'
import { lands, once, redirectsGet, rightCode, stored } from './signing.ts'

export default {
  stored,
  once,
  redirectsGet,
  rightCode,
  lands,
  ownPage,
  equalEntries,
  unknownIds,
  signOnlyPosts,
}
