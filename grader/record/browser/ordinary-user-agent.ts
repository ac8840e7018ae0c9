import { release } from 'node:os'
import type { Browser, CDPSession, Protocol } from 'puppeteer'

type Override = Protocol.Network.SetUserAgentOverrideRequest

const known = new WeakMap<Browser, Promise<Override>>()

/**
 * Gives a function that makes a page, given its session, speak as an ordinary visit does:
 * User-Agent, the sec-ch-ua fields, Accept-Language and their counterparts in `navigator` name
 * Google Chrome of this version, not a headless one. Workers of the page follow it; a service
 * worker and a page opened by the page do not.
 */
export async function ordinaryUserAgent(
  browser: Browser,
): Promise<(session: CDPSession) => Promise<void>> {
  let override = known.get(browser)
  if (!override) known.set(browser, (override = overrideFor(browser)))
  const parameters = await override
  return (session) => session.send('Network.setUserAgentOverride', parameters)
}

async function overrideFor(browser: Browser): Promise<Override> {
  const [version, userAgent] = await Promise.all([browser.version(), browser.userAgent()])
  return describeChrome({
    version,
    userAgent,
    platform: process.platform,
    arch: process.arch,
    release: release(),
  })
}

export interface BrowserOnMachine {
  /** As the protocol gives it: `HeadlessChrome/153.0.8010.0`. */
  readonly version: string
  /** The headless one. */
  readonly userAgent: string
  readonly platform: string
  readonly arch: string
  readonly release: string
}

/** What Google Chrome of this version says of itself on this machine. */
export function describeChrome(machine: BrowserOnMachine): Override {
  const full = machine.version.match(/[\d.]+$/)?.[0] ?? '0.0.0.0'
  const major = full.split('.')[0]!
  const system = machine.userAgent.match(/\(([^)]*)\)/)?.[1] ?? 'X11; Linux x86_64'
  return {
    userAgent: `Mozilla/5.0 (${system}) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/${major}.0.0.0 Safari/537.36`,
    // Chromium adds the weights: en-US,en;q=0.9.
    acceptLanguage: 'en-US,en',
    userAgentMetadata: {
      brands: brands(Number(major), major, (greased) => greased),
      fullVersionList: brands(Number(major), full, (greased) => `${greased}.0.0.0`),
      ...platformOf(machine),
      architecture: machine.arch === 'arm64' ? 'arm' : 'x86',
      bitness: '64',
      model: '',
      mobile: false,
      wow64: false,
      formFactors: ['Desktop'],
    },
  }
}

/**
 * The three names of sec-ch-ua, in the order and with the meaningless third name that Chromium
 * derives from its major version, so that nobody relies on either
 * (components/embedder_support/user_agent_utils.cc in Chromium).
 */
function brands(
  seed: number,
  version: string,
  greasedVersion: (short: string) => string,
): { brand: string; version: string }[] {
  const marks = [' ', '(', ':', '-', '.', '/', ')', ';', '=', '?', '_']
  const orders = [
    [0, 1, 2],
    [0, 2, 1],
    [1, 0, 2],
    [1, 2, 0],
    [2, 0, 1],
    [2, 1, 0],
  ]
  const greased = {
    brand: `Not${marks[seed % marks.length]}A${marks[(seed + 1) % marks.length]}Brand`,
    version: greasedVersion(['8', '99', '24'][seed % 3]!),
  }
  const [greasedAt, chromiumAt, chromeAt] = orders[seed % orders.length]!
  const list = []
  list[greasedAt!] = greased
  list[chromiumAt!] = { brand: 'Chromium', version }
  list[chromeAt!] = { brand: 'Google Chrome', version }
  return list
}

function platformOf({ platform, release }: { platform: string; release: string }): {
  platform: string
  platformVersion: string
} {
  const [major = 0] = release.split('.').map(Number)
  // Darwin 24 is macOS 15, Darwin 25 is macOS 26.
  if (platform === 'darwin')
    return { platform: 'macOS', platformVersion: `${major >= 25 ? major + 1 : major - 9}.0.0` }
  return { platform: 'Linux', platformVersion: '' }
}
