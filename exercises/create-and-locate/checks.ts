import { bodyComplete } from './body-checks.ts'
import { list, refuses } from './list-checks.ts'
import { created, location } from './note-checks.ts'
import { distinct, keepsAll, unmixed } from './together-checks.ts'

export default { created, location, bodyComplete, list, refuses, unmixed, distinct, keepsAll }
