// Run as a process of its own by install-shell.ts: installs Puppeteer's headless shell into the
// folder it is given.
import { Browser, install } from '@puppeteer/browsers'
import { PUPPETEER_REVISIONS } from 'puppeteer-core/internal/revisions.js'
import type { InstallMessage } from './install-shell.ts'

const PROGRESS_EVERY_MS = 100

// Whoever asked for the browser is gone.
process.on('disconnect', () => process.exit())

let lastTold = 0
try {
  const baseUrl = process.env.PUPPETEER_CHROME_HEADLESS_SHELL_DOWNLOAD_BASE_URL
  const installed = await install({
    browser: Browser.CHROMEHEADLESSSHELL,
    buildId: PUPPETEER_REVISIONS['chrome-headless-shell'],
    cacheDir: process.argv[2]!,
    ...(baseUrl && { baseUrl }),
    downloadProgressCallback: (received, total) => {
      if (received === total) return tell({ type: 'unpacking' })
      if (performance.now() - lastTold < PROGRESS_EVERY_MS) return
      lastTold = performance.now()
      tell({ type: 'progress', received, total })
    },
  })
  tell({ type: 'installed', executablePath: installed.executablePath })
} catch (error) {
  tell({ type: 'failed', reason: reasonOf(error) })
}
process.disconnect!()

function tell(message: InstallMessage): void {
  process.send!(message)
}

/** The innermost cause in one line: the installer wraps it in lists of providers. */
function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error)
  if (message.includes('no zip archiver')) return 'it cannot be unpacked: install unzip.'
  if (message.includes('Extraction failed')) return 'what came is not a whole archive.'
  const lines = message
    .split('\n')
    .map((line) => line.trim().replace(/^- \w+: /, ''))
    .filter(Boolean)
  return lines.at(-1) ?? 'it failed without a reason.'
}
