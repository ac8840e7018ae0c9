import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, CDPSession } from 'puppeteer'
import { BrowserFailed } from './browser-errors.ts'
import type { FoundBrowser } from './find-browser.ts'

const TIMEOUT_MS = 30_000

/**
 * Starts a browser that was found, with an empty profile of its own that goes when the browser goes.
 * @throws BrowserFailed
 */
export async function launchBrowser({ found }: { found: FoundBrowser }): Promise<Browser> {
  const { default: puppeteer } = await import('puppeteer')
  sweepProfiles()
  const attempts = process.platform === 'linux' && process.getuid?.() !== 0 ? [true, false] : [process.getuid?.() !== 0]
  let failure: unknown
  for (const sandbox of attempts) {
    const profile = mkdtempSync(join(tmpdir(), `${profilePrefix()}${process.pid}-`))
    const remove = () => rmSync(profile, { recursive: true, force: true, maxRetries: 3 })
    try {
      const browser = await puppeteer.launch({
        executablePath: found.executablePath,
        headless: found.kind === 'shell' ? 'shell' : true,
        pipe: true,
        handleSIGINT: false,
        handleSIGTERM: false,
        handleSIGHUP: false,
        defaultViewport: null,
        timeout: TIMEOUT_MS,
        userDataDir: profile,
        env: { ...process.env, ...found.env },
        args: [...(sandbox ? [] : ['--no-sandbox']), '--no-default-browser-check', '--disable-component-update'],
      })
      // Puppeteer kills the browser when this process ends; this runs after it.
      process.once('exit', remove)
      browser.process()?.once('exit', () => {
        process.off('exit', remove)
        remove()
      })
      return browser
    } catch (error) {
      remove()
      failure = error
      if (!/sandbox|namespace/i.test(String(error))) break
    }
  }
  throw new BrowserFailed(`The browser does not start: ${found.executablePath}\n${String(failure)}`, 'npm run doctor', [], true, { cause: failure })
}

/** Gives a function that makes a page's requests look like an ordinary visit's. */
export async function ordinaryUserAgent(browser: Browser): Promise<(session: CDPSession) => Promise<void>> {
  const userAgent = (await browser.userAgent()).replace('HeadlessChrome', 'Chrome')
  return async (session) => void (await session.send('Network.setUserAgentOverride', { userAgent }))
}

function profilePrefix(): string {
  return `roundtrip-browser-${hostname().replace(/[^\w.]/g, '_')}-`
}

/** Removes the profiles of processes that are gone. */
function sweepProfiles(): void {
  for (const name of readdirSync(tmpdir())) {
    if (!name.startsWith(profilePrefix())) continue
    const pid = Number(name.slice(profilePrefix().length).split('-')[0])
    try {
      process.kill(pid, 0)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ESRCH') rmSync(join(tmpdir(), name), { recursive: true, force: true })
    }
  }
}
