import { accessSync, constants, readdirSync, statSync } from 'node:fs'
import { arch, homedir } from 'node:os'
import { basename, delimiter, join } from 'node:path'

/** A browser that can be started. */
export interface FoundBrowser {
  readonly executablePath: string
  /** A headless shell starts in a third of the time of the full browser. */
  readonly kind: 'shell' | 'chromium'
  /** Where it comes from, for a person: `Puppeteer's cache`. */
  readonly source: string
  /** What it needs in its environment. */
  readonly env: Readonly<Record<string, string>>
  /** The folder of Roundtrip's state, where what was learnt about a browser is kept. */
  readonly stateDir: string
}

export interface Place {
  readonly executablePath: string
  readonly kind: 'shell' | 'chromium'
}

/** The machine that is searched. Tests give another one. */
export interface Machine {
  readonly platform: NodeJS.Platform
  readonly arch: string
  readonly home: string
  readonly env: NodeJS.ProcessEnv
  /** Where its file system begins. */
  readonly root: string
}

export function thisMachine(): Machine {
  return { platform: process.platform, arch: arch(), home: homedir(), env: process.env, root: '/' }
}

/** The folder in which Puppeteer keeps the browsers it downloads. */
export function puppeteerCache({ env, home }: Machine): string {
  return env.PUPPETEER_CACHE_DIR || join(home, '.cache', 'puppeteer')
}

/**
 * The browsers in Puppeteer's cache, headless shells first, newest first. The folder is read
 * directly: asking @puppeteer/browsers costs 40 ms before every grading.
 */
export function cachedBrowsers(cacheDir: string, machine: Machine): Place[] {
  const app = 'Google Chrome for Testing'
  const chrome = machine.platform === 'darwin' ? `${app}.app/Contents/MacOS/${app}` : 'chrome'
  return [
    ...cachedBuilds(cacheDir, 'chrome-headless-shell', 'chrome-headless-shell', machine),
    ...cachedBuilds(cacheDir, 'chrome', chrome, machine),
  ]
}

/** The browsers installed on the machine, in the order of preference. */
export function installedBrowsers(machine: Machine): Place[] {
  return installedPlaces(machine)
    .filter(isExecutable)
    .map((executablePath) => ({ executablePath, kind: kindOf(executablePath) }))
}

/** True for a file that this user may execute. */
export function isExecutable(path: string): boolean {
  try {
    if (!statSync(path).isFile()) return false
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** Changes when another file takes this place. Empty when there is none. */
export function identityOf(path: string): string {
  const found = statSync(path, { throwIfNoEntry: false })
  return found ? `${found.ino} ${found.ctimeMs} ${found.size}` : ''
}

/**
 * Told by the name of the file: `chrome-headless-shell`, `chromium-headless-shell`,
 * `headless_shell`.
 */
export function kindOf(executablePath: string): Place['kind'] {
  return /headless[-_]shell/i.test(basename(executablePath)) ? 'shell' : 'chromium'
}

/** The names a browser goes by on PATH. */
export const commandNames: readonly string[] = [
  'chrome-headless-shell',
  'chromium-headless-shell',
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
  'microsoft-edge',
  'microsoft-edge-stable',
]

/**
 * `<cacheDir>/<browser>/<platform>-<build>/<browser>-<another name of the platform>/<executable>`
 */
function cachedBuilds(
  cacheDir: string,
  browser: string,
  executable: string,
  machine: Machine,
): Place[] {
  const root = join(cacheDir, browser)
  return entries(root)
    .filter((folder) => cachePlatforms(machine).includes(folder.split('-')[0]!))
    .toSorted((a, b) => b.localeCompare(a, 'en', { numeric: true }))
    .flatMap((folder) =>
      entries(join(root, folder))
        .filter((inner) => inner.startsWith(`${browser}-`))
        .map((inner) => join(root, folder, inner, executable)),
    )
    .filter(isExecutable)
    .map((executablePath) => ({
      executablePath,
      kind: browser === 'chrome' ? 'chromium' : 'shell',
    }))
}

/**
 * What the cache calls this machine's platform. A Mac with Apple's processor runs builds for
 * either.
 */
function cachePlatforms({ platform, arch }: Machine): string[] {
  if (platform === 'darwin') return arch === 'arm64' ? ['mac_arm', 'mac'] : ['mac']
  return arch === 'arm64' ? ['linux_arm'] : ['linux']
}

function installedPlaces(machine: Machine): string[] {
  const folders = (machine.env.PATH ?? '').split(delimiter).filter(Boolean)
  const onPath = commandNames.flatMap((name) => folders.map((folder) => join(folder, name)))
  return [...onPath, ...usualPlaces(machine)]
}

function usualPlaces({ platform, home, root }: Machine): string[] {
  if (platform === 'darwin') {
    const folders = [join(root, 'Applications'), join(home, 'Applications')]
    const apps = ['Chromium', 'Google Chrome for Testing', 'Google Chrome', 'Microsoft Edge']
    return apps.flatMap((app) =>
      folders.map((folder) => join(folder, `${app}.app`, 'Contents', 'MacOS', app)),
    )
  }
  return [
    '/usr/bin/chromium-headless-shell',
    '/usr/lib/chromium/headless_shell',
    '/usr/lib64/chromium-browser/headless_shell',
    '/usr/bin/chromium',
    '/usr/lib/chromium/chromium',
    '/opt/google/chrome/chrome',
    '/opt/microsoft/msedge/msedge',
    // Last: a snap sees neither hidden folders nor the system's temporary folder as others see it.
    '/snap/bin/chromium',
  ].map((path) => join(root, path))
}

/** Empty when the folder is missing or closed to us. */
function entries(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}
