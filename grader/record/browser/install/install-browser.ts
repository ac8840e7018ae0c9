import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { nearestExisting } from '../../../../course/files/nearest-existing.ts'
import { explainFileError } from '../../../../course/read/file-error.ts'
import { findShortage, shortageOf } from '../../../machine/shortage.ts'
import { freeSpaceOf, inBytes } from '../../../machine/temporary-folder.ts'
import { GraderError } from '../../../types/errors.ts'
import { BrowserNotFound } from '../browser-errors.ts'
import {
  cachedBrowsers,
  commandNames,
  identityOf,
  puppeteerCache,
  type Machine,
} from './browser-places.ts'
import type { FoundBrowser } from './browser-places.ts'
import { presentBrowser, type FindBrowserOptions, type UnusableBrowser } from './find-browser.ts'
import { withInstallLock } from './install-lock.ts'
import { installShell } from './install-shell.ts'
import {
  installRegistryBrowser,
  registryBrowserRuns,
  registryFolder,
  unpackedRegistryBrowser,
} from './registry-browser.ts'
import { wholenessOf } from './wholeness.ts'

/** The archive, twice, and what is in it. */
const NEEDED_BYTES = 400e6

/**
 * Installs a browser on a machine that has none. Only one process at a time does so; the others
 * wait and take what it installed.
 * @throws BrowserNotFound, GraderError (the machine is short of something), FileError (Roundtrip's
 * folder cannot be written), or the signal's reason
 */
export async function installBrowser(
  options: FindBrowserOptions,
  machine: Machine,
): Promise<FoundBrowser> {
  const { stateDir, except, onProgress, signal } = options
  const folder = join(stateDir, 'browser')
  const installing = withInstallLock(
    folder,
    { onProgress, ...(signal && { signal }) },
    async () => {
      // Another process may have replaced one that did not start.
      const still = [...(except ?? [])].filter(
        ([path, known]) => identityOf(path) === known.identity,
      )
      const meanwhile = presentBrowser({ ...options, except: new Map(still) }, machine)
      if (meanwhile) return meanwhile

      const tried: string[] = []
      let lacking: GraderError | null = null
      for (const [what, install] of ways(options, machine)) {
        try {
          return await install()
        } catch (error) {
          signal?.throwIfAborted()
          lacking ??= error instanceof GraderError ? error : shortageOf(error)
          tried.push(`${what}: ${error instanceof Error ? error.message : String(error)}`)
        }
      }
      throw lacking ?? findShortage() ?? notFound(tried, options, machine)
    },
  )
  return installing.catch((error: unknown) => {
    throw explainFileError(error, `write in ${folder}`)
  })
}

function ways(
  options: FindBrowserOptions,
  machine: Machine,
): (readonly [what: string, install: () => Promise<FoundBrowser>])[] {
  const { stateDir, except, onProgress, signal } = options
  const watched = { onProgress, ...(signal && { signal }) }
  const cache = puppeteerCache(machine)
  const download = async (): Promise<FoundBrowser> => {
    const shells = cachedBrowsers(cache, machine).filter(({ kind }) => kind === 'shell')
    // <cache>/chrome-headless-shell/<build>/<folder>/<executable>
    const folders = shells.map(({ executablePath }) => dirname(dirname(executablePath)))
    await refuseWhole(
      folders,
      shells.map(({ executablePath }) => except?.get(executablePath)),
    )
    requireRoom(cache)
    const executablePath = await installShell(cache, machine, watched)
    return { executablePath, kind: 'shell', source: "Puppeteer's cache", env: {}, stateDir }
  }
  const registry = async (): Promise<FoundBrowser> => {
    const present = unpackedRegistryBrowser(stateDir, machine)
    if (present)
      await refuseWhole([registryFolder(stateDir)], [except?.get(present.executablePath)])
    requireRoom(stateDir)
    return installRegistryBrowser(stateDir, machine, watched)
  }
  return [
    ['Download of chrome-headless-shell', download],
    ...(registryBrowserRuns(machine) ? [['Package registry', registry] as const] : []),
  ]
}

/**
 * A browser that is as it was installed and does not start would not start after another download.
 * @throws Error in words
 */
async function refuseWhole(
  folders: readonly string[],
  known: readonly (UnusableBrowser | undefined)[],
): Promise<void> {
  for (const [index, folder] of folders.entries()) {
    const wholeness = await wholenessOf(folder)
    if (wholeness === 'whole' || (wholeness === 'unknown' && known[index]?.maybeDamaged === false))
      throw new Error('it was installed before, and does not start here.')
  }
}

/** @throws GraderError */
function requireRoom(folder: string): void {
  const existing = nearestExisting(folder)
  const { bytes } = freeSpaceOf(existing)
  if (bytes < NEEDED_BYTES)
    throw new GraderError(
      `No browser can be installed, because the disk is full: ${inBytes(bytes)} left in ${existing}.`,
      `A browser needs ${inBytes(NEEDED_BYTES)} while it is unpacked. Free some space, then run this again.`,
    )
}

function notFound(
  tried: readonly string[],
  { stateDir, except }: FindBrowserOptions,
  machine: Machine,
): BrowserNotFound {
  const other = except?.size ? ' other' : ''
  const looked = [
    `Puppeteer's cache, ${puppeteerCache(machine)}: no${other} chrome-headless-shell and no${other} chrome.`,
    `Roundtrip's own folder, ${join(stateDir, 'browser')}: no${other} browser.`,
    `This machine, on PATH and at the usual places: no${other} ${commandNames.join(', ')}.`,
  ]
  const first = `There is no${other} browser on this machine, and none could be installed.`
  return new BrowserNotFound(
    [first, ...[...looked, ...tried].map((line) => `  ${line}`)].join('\n'),
    remediesFor(machine),
  )
}

function remediesFor(machine: Machine): string[] {
  return [installCommand(machine), 'npx puppeteer browsers install chrome-headless-shell']
}

/**
 * `release`: the content of /etc/os-release, which names a Linux distribution and those it descends
 * from.
 */
export function installCommand(
  { platform }: Machine,
  release = platform === 'linux' ? osRelease() : '',
): string {
  if (platform === 'darwin') return 'brew install --cask google-chrome'
  const names = [...release.matchAll(/^ID(?:_LIKE)?="?([^"\n]*)"?$/gm)].flatMap((match) =>
    match[1]!.split(' '),
  )
  // Ubuntu descends from Debian, and has Chromium as a snap only.
  if (names.includes('ubuntu')) return 'sudo snap install chromium'
  if (names.includes('debian')) return 'sudo apt install chromium-headless-shell'
  if (names.includes('fedora')) return 'sudo dnf install chromium-headless'
  if (names.includes('arch')) return 'sudo pacman -S chromium'
  if (names.some((name) => name.includes('suse'))) return 'sudo zypper install chromium'
  return "install Chromium with your system's package manager"
}

function osRelease(): string {
  try {
    return readFileSync('/etc/os-release', 'utf8')
  } catch {
    return ''
  }
}
