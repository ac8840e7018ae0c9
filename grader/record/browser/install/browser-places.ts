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
    .filter((path) => isExecutable(path, machine))
    .map((executablePath) => ({ executablePath, kind: kindOf(executablePath) }))
}

/** True for a file that this user may execute. */
export function isExecutable(path: string, { platform }: Machine): boolean {
  try {
    if (!statSync(path).isFile()) return false
    accessSync(path, platform === 'win32' ? constants.F_OK : constants.X_OK)
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
export function commandNames({ platform }: Machine): readonly string[] {
  const shells = ['chrome-headless-shell', 'chromium-headless-shell']
  if (platform === 'win32')
    return [...shells, 'chromium', 'chrome', 'msedge'].map((name) => `${name}.exe`)
  const browsers = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']
  return [...shells, ...browsers, 'microsoft-edge', 'microsoft-edge-stable']
}

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
  const suffix = machine.platform === 'win32' ? '.exe' : ''
  return entries(root)
    .filter((folder) => cachePlatforms(machine).includes(folder.split('-')[0]!))
    .toSorted((a, b) => b.localeCompare(a, 'en', { numeric: true }))
    .flatMap((folder) =>
      entries(join(root, folder))
        .filter((inner) => inner.startsWith(`${browser}-`))
        .map((inner) => join(root, folder, inner, executable + suffix)),
    )
    .filter((path) => isExecutable(path, machine))
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
  if (platform === 'win32') return ['win64', 'win32']
  return arch === 'arm64' ? ['linux_arm'] : ['linux']
}

function installedPlaces(machine: Machine): string[] {
  const { platform, env } = machine
  const folders = (env.PATH ?? env.Path ?? '')
    .split(platform === 'win32' ? ';' : delimiter)
    .filter(Boolean)
  const onPath = commandNames(machine).flatMap((name) =>
    folders.map((folder) => join(folder, name)),
  )
  return [...onPath, ...usualPlaces(machine)]
}

function usualPlaces({ platform, env, home, root }: Machine): string[] {
  if (platform === 'darwin') {
    const folders = [join(root, 'Applications'), join(home, 'Applications')]
    const apps = ['Chromium', 'Google Chrome for Testing', 'Google Chrome', 'Microsoft Edge']
    return apps.flatMap((app) =>
      folders.map((folder) => join(folder, `${app}.app`, 'Contents', 'MacOS', app)),
    )
  }
  if (platform === 'win32') {
    const programs = env.PROGRAMFILES ?? env.ProgramFiles
    const programs32 = env['PROGRAMFILES(X86)'] ?? env['ProgramFiles(x86)']
    const folders = [programs, programs32, env.LOCALAPPDATA].filter(
      (folder) => folder !== undefined,
    )
    const within = [
      'Chromium/Application/chrome',
      'Google/Chrome/Application/chrome',
      'Microsoft/Edge/Application/msedge',
    ]
    return within.flatMap((path) =>
      folders.map((folder) => join(folder, ...`${path}.exe`.split('/'))),
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
