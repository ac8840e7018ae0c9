import type { Browser } from 'puppeteer'
import type { BrowserFailed } from './browser-errors.ts'
import { browserFlags } from './browser-flags.ts'
import { loadConnect } from './load-connect.ts'
import { startBrowserProcess, type BrowserEnd, type BrowserProcess } from './browser-process.ts'
import { newProfile, sweepProfiles } from './browser-profile.ts'
import type { FoundBrowser } from './install/browser-places.ts'
import { forgoesSandbox, rememberToForgoSandbox } from './sandbox-memory.ts'

export interface LaunchOptions {
  readonly found: FoundBrowser
  readonly signal?: AbortSignal
  /** Chromium refuses its sandbox to root. */
  readonly root?: boolean
  readonly timeoutMs?: number
  /** Puppeteer is loaded after this, while the browser starts. */
  readonly connectAfter?: Promise<unknown>
}

const TIMEOUT_MS = 60_000
const CLOSE_MS = 2000
const MOST_TMPDIR_BYTES = 60

/**
 * Starts a browser that was found, with an empty profile that goes when the browser goes. `close()`
 * settles when nothing of it is left. The sandbox is on wherever it can be.
 *
 * The browser starts while Puppeteer is being loaded, and of Puppeteer only the part that speaks to
 * a browser: that takes little more than half the time of puppeteer.launch().
 * @throws BrowserFailed, GraderError (a file of Puppeteer is missing), or the signal's reason
 */
export async function launchBrowser(options: LaunchOptions): Promise<Browser> {
  const { found, root = process.getuid?.() === 0 } = options
  void sweepProfiles().catch(() => {})
  const forgoes = root || forgoesSandbox(found)
  const first = await start(found, !forgoes, options)
  if (!(first instanceof StartFailure)) return first
  if (forgoes || process.platform !== 'linux' || !first.isAboutSandbox())
    throw await explain(found, first)

  const second = await start(found, false, options)
  if (second instanceof StartFailure) throw await explain(found, second)
  rememberToForgoSandbox(found)
  return second
}

/** How a start failed, as far as was seen. */
export class StartFailure {
  readonly log: readonly string[]
  /** Null: it runs, and does not answer. */
  readonly end: BrowserEnd | null

  constructor(log: readonly string[], end: BrowserEnd | null) {
    this.log = log
    this.end = end
  }

  isAboutSandbox(): boolean {
    return (
      this.end !== null &&
      this.log.some((line) => /sandbox|namespace|zygote_host|credentials\.cc/i.test(line))
    )
  }
}

async function start(
  found: FoundBrowser,
  sandbox: boolean,
  { signal, timeoutMs = TIMEOUT_MS, connectAfter = Promise.resolve() }: LaunchOptions,
): Promise<Browser | StartFailure> {
  signal?.throwIfAborted()
  const profile = newProfile()
  const flags = browserFlags({ kind: found.kind, profile: profile.folder, sandbox })
  const started = startBrowserProcess(
    found.executablePath,
    flags,
    environment(found, profile.folder),
    profile,
  )

  // A connection that breaks means that the browser is ending; why is seen when it has ended.
  const connected = connectAfter
    .then(() => loadConnect())
    .then((connectTo) =>
      connectTo({ transport: started.transport, defaultViewport: null }).catch(() =>
        started.end(1000).then(() => started.ended),
      ),
    )
  connected.catch(() => {})
  const deadline = AbortSignal.any([AbortSignal.timeout(timeoutMs), ...(signal ? [signal] : [])])
  const stopped = new Promise<null>((resolve) =>
    deadline.addEventListener('abort', () => resolve(null), { once: true }),
  )
  const outcome = await Promise.race([connected, started.ended, stopped]).catch(
    async (error: unknown) => {
      await started.end(0)
      throw error
    },
  )
  if (outcome !== null && !('code' in outcome)) {
    // With nothing to keep and nothing that outlives it, it may as well be killed.
    return closingWhole(outcome, started, keepsAllInProfile(profile.folder) ? 0 : CLOSE_MS)
  }

  await started.end(0)
  signal?.throwIfAborted()
  return new StartFailure(started.log(), outcome)
}

/**
 * On Linux the browser's temporary files go into its profile, and away with it: a full Chromium
 * that is killed leaves some behind. One of them is a socket, and a socket's path has room for 107
 * bytes.
 */
function environment(found: FoundBrowser, profile: string): NodeJS.ProcessEnv {
  return { ...process.env, ...found.env, ...(keepsAllInProfile(profile) && { TMPDIR: profile }) }
}

function keepsAllInProfile(profile: string): boolean {
  return process.platform === 'linux' && Buffer.byteLength(profile) <= MOST_TMPDIR_BYTES
}

/**
 * Puppeteer's own close() of a browser it did not start gives back control while the browser is
 * still ending.
 */
function closingWhole(browser: Browser, started: BrowserProcess, timeoutMs: number): Browser {
  const close = browser.close.bind(browser)
  browser.close = async () => {
    close().catch(() => {})
    await started.end(timeoutMs)
  }
  return browser
}

async function explain(found: FoundBrowser, failure: StartFailure): Promise<BrowserFailed> {
  const { explainBrowserFailure } = await import('./explain-browser-failure.ts')
  return explainBrowserFailure(found, failure)
}
