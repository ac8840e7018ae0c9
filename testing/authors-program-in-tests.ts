import { afterAll } from 'vitest'
import { removeAuthorsPrograms } from './authors-program.ts'

export { authorsFile, authorsFolder } from './authors-program.ts'

afterAll(removeAuthorsPrograms)
