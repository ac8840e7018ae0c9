import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { explainFileError } from '../../../../course/read/file-error.ts'
import { BrowserNotFound } from '../browser-errors.ts'
import { cachedBrowsers, commandNames, puppeteerCache, type Machine } from './browser-places.ts'
import type { FoundBrowser } from './browser-places.ts'
import { presentBrowser, type FindBrowserOptions } from './find-browser.ts'
import { withInstallLock } from './install-lock.ts'
import { installShell } from './install-shell.ts'
import { installRegistryBrowser, registryBrowserRuns } from './registry-browser.ts'

/**
 * Brings a browser to a machine that has none. Only one process at a time does so; the others wait
 * and take what it brought.
 * @throws BrowserNotFound, FileError (Roundtrip's folder cannot be written), or the signal's reason
 */
export async function installBrowser(
  options: FindBrowserOptions,
  machine: Machine,
): Promise<FoundBrowser> {
  const { stateDir, except, onProgress, signal } = options
  const folder = join(stateDir, 'browser')
  const bringing = withInstallLock(folder, { onProgress, ...(signal && { signal }) }, async () => {
    const meanwhile = presentBrowser(options, machine)
    if (meanwhile) return meanwhile

    const tried: string[] = []
    for (const [what, bring] of ways(options, machine)) {
      try {
        const found = await bring()
        if (!except?.has(found.executablePath)) return found
        tried.push(`${what}: it does not start here.`)
      } catch (error) {
        signal?.throwIfAborted()
        tried.push(`${what}: ${error instanceof Error ? error.message : String(error)}`)
      }
    }
    throw notFound(tried, options, machine)
  })
  return bringing.catch((error: unknown) => {
    throw explainFileError(error, `write in ${folder}`)
  })
}

function ways(
  options: FindBrowserOptions,
  machine: Machine,
): (readonly [what: string, bring: () => Promise<FoundBrowser>])[] {
  const { stateDir, onProgress, signal } = options
  const watched = { onProgress, ...(signal && { signal }) }
  const download = async (): Promise<FoundBrowser> => {
    const executablePath = await installShell(puppeteerCache(machine), machine, watched)
    return { executablePath, kind: 'shell', source: "Puppeteer's cache", env: {}, stateDir }
  }
  const registry = () => installRegistryBrowser(stateDir, machine, watched)
  // Downloading again what was downloaded and does not start would help nobody.
  const downloaded = cachedBrowsers(puppeteerCache(machine), machine).some(
    ({ kind }) => kind === 'shell',
  )
  return [
    ...(downloaded ? [] : [['Download of chrome-headless-shell', download] as const]),
    ...(registryBrowserRuns(machine) ? [['Package registry', registry] as const] : []),
  ]
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
    `This machine, on PATH and at the usual places: no${other} ${commandNames(machine).join(', ')}.`,
  ]
  const first = `There is no${other} browser on this machine, and none could be brought.`
  return new BrowserNotFound(
    [first, ...[...looked, ...tried].map((line) => `  ${line}`)].join('\n'),
    mends(machine),
  )
}

function mends(machine: Machine): string[] {
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
  if (platform === 'win32') return 'winget install Google.Chrome'
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
