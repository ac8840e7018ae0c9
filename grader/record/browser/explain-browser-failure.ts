import { execFile } from 'node:child_process'
import { findShortage, shortageOf } from '../../machine/shortage.ts'
import { BrowserFailed } from './browser-errors.ts'
import type { FoundBrowser } from './install/browser-places.ts'
import type { StartFailure } from './launch-browser.ts'

/** Debian's packages for the libraries that Chromium builds are linked with. */
const PACKAGES: Readonly<Record<string, string>> = {
  'libX11.so.6': 'libx11-6',
  'libXcomposite.so.1': 'libxcomposite1',
  'libXdamage.so.1': 'libxdamage1',
  'libXext.so.6': 'libxext6',
  'libXfixes.so.3': 'libxfixes3',
  'libXrandr.so.2': 'libxrandr2',
  'libasound.so.2': 'libasound2',
  'libatk-1.0.so.0': 'libatk1.0-0',
  'libatk-bridge-2.0.so.0': 'libatk-bridge2.0-0',
  'libatspi.so.0': 'libatspi2.0-0',
  'libcairo.so.2': 'libcairo2',
  'libcups.so.2': 'libcups2',
  'libdbus-1.so.3': 'libdbus-1-3',
  'libdrm.so.2': 'libdrm2',
  'libexpat.so.1': 'libexpat1',
  'libfontconfig.so.1': 'libfontconfig1',
  'libgbm.so.1': 'libgbm1',
  'libgio-2.0.so.0': 'libglib2.0-0',
  'libglib-2.0.so.0': 'libglib2.0-0',
  'libgobject-2.0.so.0': 'libglib2.0-0',
  'libnspr4.so': 'libnspr4',
  'libnss3.so': 'libnss3',
  'libnssutil3.so': 'libnss3',
  'libpango-1.0.so.0': 'libpango-1.0-0',
  'libplc4.so': 'libnspr4',
  'libplds4.so': 'libnspr4',
  'libsmime3.so': 'libnss3',
  'libudev.so.1': 'libudev1',
  'libxcb.so.1': 'libxcb1',
  'libxkbcommon.so.0': 'libxkbcommon0',
}

/**
 * Says in words why a browser did not start, and what fixes it.
 * @throws GraderError when this machine is short of something, and no browser starts
 */
export async function explainBrowserFailure(
  found: FoundBrowser,
  { log, end }: StartFailure,
): Promise<BrowserFailed> {
  const which = `${found.executablePath} (${found.source})`
  const shortage = shortageOf(end?.error) ?? findShortage()
  if (shortage) throw shortage
  if (!end) {
    const message = `The browser started and did not answer: ${which}`
    return new BrowserFailed({
      message,
      remedies: ['wait until the machine is less busy'],
      log,
      unusable: false,
    })
  }
  if (end.error) {
    const message = `The browser cannot be executed (${end.error.code ?? end.error.message}): ${which}`
    return new BrowserFailed({
      message,
      remedies: ['put a program for this machine there'],
      log,
      unusable: true,
      maybeDamaged: true,
      cause: end.error,
    })
  }
  const missing = await missingLibraries(found, log)
  if (missing.length > 0) {
    const message = `The browser lacks shared libraries on this machine: ${missing.join(', ')}. It is ${which}`
    return new BrowserFailed({ message, remedies: [installCommand(missing)], log, unusable: true })
  }
  const how = end.signal ? `was ended by ${end.signal}` : `ended with code ${end.code}`
  const killed = KILLS.includes(end.signal)
  const said = log.slice(-5).map((line) => `  ${line}`)
  const message = [`The browser ${how} while it started: ${which}`, ...said].join('\n')
  return new BrowserFailed({
    message,
    remedies: [
      ...(killed ? ['close what takes much memory: the system may have ended it'] : []),
      'install it again',
    ],
    log,
    unusable: true,
    maybeDamaged: true,
    killed,
  })
}

/** No browser ends like that by itself. */
const KILLS: readonly unknown[] = ['SIGKILL', 'SIGTERM', 'SIGINT', 'SIGHUP']

/** The loader names the program and one library, and gives up; ldd names them all. */
async function missingLibraries(found: FoundBrowser, log: readonly string[]): Promise<string[]> {
  const complaint = log
    .map((line) => line.match(/^(.+?): error while loading shared libraries: (\S+?):/))
    .find(Boolean)
  if (!complaint) return []
  const listing = await new Promise<string>((resolve) => {
    const options = { timeout: 5000, env: { ...process.env, ...found.env } }
    execFile('ldd', [complaint[1]!], options, (_error, stdout) => resolve(stdout))
  })
  return [...new Set([complaint[2]!, ...parseMissing(listing)])]
}

/** The libraries ldd did not find. */
export function parseMissing(listing: string): string[] {
  return [...listing.matchAll(/^\s*(\S+) => not found/gm)].map((match) => match[1]!)
}

function installCommand(libraries: readonly string[]): string {
  const packages = new Set(
    libraries.map((library) => PACKAGES[library]).filter((name) => name !== undefined),
  )
  if (packages.size === 0) return "install them with your system's package manager"
  return `sudo apt install ${[...packages].toSorted().join(' ')}     (their names on Debian and Ubuntu)`
}
