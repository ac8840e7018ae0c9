import { changes, lists, nulls, objects, stored, whole } from './merge-checks.ts'
import { broken, harmless, mediaType, options, unchanged } from './refusal-checks.ts'

export default {
  stored,
  changes,
  objects,
  nulls,
  lists,
  whole,
  mediaType,
  broken,
  unchanged,
  options,
  harmless,
}
