import type { Browser, CDPSession } from 'puppeteer'
import type { FoundBrowser } from './find-browser.ts'

/** Starts a browser that was found. (first version) */
export async function launchBrowser({ found }: { found: FoundBrowser }): Promise<Browser> {
  const { default: puppeteer } = await import('puppeteer')
  return puppeteer.launch({
    executablePath: found.executablePath,
    headless: found.kind === 'shell' ? 'shell' : true,
    pipe: true,
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
    env: { ...process.env, ...found.env },
    args: [...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), '--disable-background-networking', '--no-first-run', '--disable-component-update', '--disable-sync'],
  })
}

/** Gives a function that makes a page's requests look like an ordinary visit's. */
export async function ordinaryUserAgent(browser: Browser): Promise<(session: CDPSession) => Promise<void>> {
  const userAgent = (await browser.userAgent()).replace('HeadlessChrome', 'Chrome')
  return async (session) => void (await session.send('Network.setUserAgentOverride', { userAgent }))
}
