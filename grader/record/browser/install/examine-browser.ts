import { randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Browser } from 'puppeteer'
import { requireLoopback } from '../../../machine/loopback.ts'
import { GraderError } from '../../../types/errors.ts'
import { anyOf } from '../browser-errors.ts'
import type { FoundBrowser } from './browser-places.ts'
import type { FindBrowserOptions } from './find-browser.ts'
import { openBrowser } from '../open-browser.ts'
import { forgoesSandbox } from '../sandbox-memory.ts'

export { sweepPrograms } from '../../program/processes/leftover-programs.ts'

export interface ExaminedBrowser {
  readonly found: FoundBrowser
  /** `Chrome/153.0.8010.0` */
  readonly version: string
  /** From the decision to start it until it answers. */
  readonly launchMs: number
  /** False where Chromium refuses it: to root, and where the system forbids what it needs. */
  readonly sandbox: boolean
}

const VISIT_MS = 15_000
const LIFETIME_S = 60

/**
 * Finds or installs the browser that gradings use, starts it and makes two visits: a page is shown,
 * and a cookie is set, kept and sent back. Leaves nothing behind.
 * @throws BrowserNotFound, BrowserFailed, GraderError (it starts and does not do what gradings need,
 * or there is no loopback address), or the signal's reason
 */
export async function examineBrowser(options: FindBrowserOptions): Promise<ExaminedBrowser> {
  await requireLoopback()
  const { browser, found, launchMs } = await openBrowser(options)
  try {
    const trial = problemOf(browser)
    // A trial that is given up ends with the browser, and how is nobody's.
    trial.catch(() => {})
    const problem = await Promise.race([trial, tooLate()])
    if (problem) throw unfit(found, problem)
    const sandbox = process.getuid?.() !== 0 && !forgoesSandbox(found)
    return {
      found,
      version: (await browser.version()).replace('HeadlessChrome', 'Chrome'),
      launchMs,
      sandbox,
    }
  } catch (error) {
    if (error instanceof GraderError) throw error
    const { message } = error as Error
    throw browser.connected
      ? unfit(found, `it cannot visit a page of this machine (${message}).`, error)
      : unfit(found, 'it ends at its first page.', error)
  } finally {
    await browser.close()
  }
}

function unfit({ executablePath }: FoundBrowser, problem: string, cause?: unknown): GraderError {
  return new GraderError(`The browser starts, but ${problem} It is ${executablePath}`, anyOf([]), {
    cause,
  })
}

function tooLate(): Promise<string> {
  const sentence = `it has not shown a page after ${VISIT_MS / 1000} s.`
  return new Promise((resolve) => setTimeout(resolve, VISIT_MS, sentence).unref())
}

/**
 * What goes wrong with two visits to a server of ours, in words that follow "The browser starts,
 * but".
 */
async function problemOf(browser: Browser): Promise<string | null> {
  const token = randomBytes(8).toString('hex')
  const text = `Visited ${token}`
  const received: (string | undefined)[] = []
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    if (request.url !== '/') return response.writeHead(404).end()
    received.push(request.headers.cookie)
    const cookie = `examined=${token}; Max-Age=${LIFETIME_S}; HttpOnly`
    response.writeHead(200, { 'Content-Type': 'text/html', 'Set-Cookie': cookie })
    return response.end(`<!doctype html><title>Examination</title><p>${text}</p>`)
  })
  await new Promise<void>((resolve, reject) =>
    server.once('error', reject).listen(0, '127.0.0.1', resolve),
  )
  try {
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const context = await browser.createBrowserContext()
    const page = await context.newPage()
    await page.goto(`${origin}/`)
    // A browser that finds no font shows no letters, and says so nowhere.
    const shown = await page.evaluate('document.body.innerText')
    if (shown !== text) return 'it shows no text: it may find no fonts.'

    const kept = (await context.cookies()).find(({ name }) => name === 'examined')
    if (kept?.value !== token) return 'it does not keep a cookie.'
    const lifetime = kept.expires === undefined ? Number.NaN : kept.expires - Date.now() / 1000
    const isRight = Math.abs(lifetime - LIFETIME_S) < VISIT_MS / 1000
    if (!isRight) return `a cookie of ${LIFETIME_S} s lives ${lifetime.toFixed(0)} s there.`
    await page.goto(`${origin}/`)
    return received[1] === `examined=${token}` ? null : 'it does not send a cookie back.'
  } finally {
    server.close()
    server.closeAllConnections()
  }
}
