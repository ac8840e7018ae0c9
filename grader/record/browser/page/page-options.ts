import type { PageOptions } from '../../../types/page.ts'
import { mistake } from './act/act-on-page.ts'
import { checkOptions } from './act/author-calls.ts'

/** @throws TypeError that names what of an author's options isn't right. */
export function checkPageOptions(options: PageOptions): void {
  const at = new Error('called here')
  checkOptions({ name: 'newPage()', at }, options, {
    javaScriptEnabled: 'boolean',
    httpCredentials: 'object',
    acceptDownloads: 'boolean',
  })
  const { username, password } = options.httpCredentials ?? { username: '', password: '' }
  if (typeof username !== 'string' || typeof password !== 'string')
    throw mistake(
      at,
      'newPage(): httpCredentials has no username or no password. Give both as text.',
    )
}
