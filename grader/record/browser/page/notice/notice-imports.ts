import type { CDPSession } from 'puppeteer'
import type { Diagnosis } from '../../../../types/index.ts'
import { bareImport, importFault } from './script-fault.ts'

export interface NoticedImports {
  readonly remark: (remark: Diagnosis) => void
  /** Whether the grader's browser reaches the server of this address. */
  readonly know: (url: string) => boolean
  /** The learner's files by the path a page asks for them, where the two differ. */
  readonly scripts: Readonly<Record<string, string>>
  /** The learner's file that imports this, where it is known. */
  readonly importerOf?: ((specifier: string) => string | undefined) | undefined
}

/** Remarks what the page's scripts import and the grader's browser cannot have. */
export async function noticeImports(
  session: CDPSession,
  { remark, know, scripts, importerOf = () => undefined }: NoticedImports,
): Promise<void> {
  session.on('Runtime.exceptionThrown', ({ exceptionDetails: { exception, text } }) => {
    // Chromium does not say in which script it was.
    const imported = bareImport(exception?.description ?? text)
    if (imported !== undefined) remark(importFault(imported, importerOf(imported)))
  })
  session.on('Network.requestWillBeSent', ({ request: { url }, type, initiator }) => {
    const isReached = /^(?:data|blob):/.test(url) || (/^https?:/.test(url) && know(url))
    if (type !== 'Script' || initiator.type !== 'script' || isReached) return
    const from = initiator.url ?? ''
    const path = URL.canParse(from) ? new URL(from).pathname : '/'
    remark(importFault(url, path === '/' ? undefined : (scripts[path] ?? path.slice(1))))
  })
  await session.send('Runtime.enable')
}
