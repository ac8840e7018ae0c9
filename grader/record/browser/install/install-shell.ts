import { fork } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { onAbort } from '../../timing/until-aborted.ts'
import { cachedBrowsers, type Machine } from './browser-places.ts'
import { rememberWhole } from './wholeness.ts'

export interface Watched {
  readonly onProgress: (progress: { text: string; fraction?: number }) => void
  readonly signal?: AbortSignal
}

/** What install-shell-process.ts says. */
export type InstallMessage =
  | { readonly type: 'progress'; readonly received: number; readonly total: number }
  | { readonly type: 'unpacking' }
  | { readonly type: 'installed'; readonly executablePath: string }
  | { readonly type: 'failed'; readonly reason: string }

const DOWNLOADING = 'Downloading a browser (chrome-headless-shell), once'
const STALL_MS = 30_000
const TOTAL_MS = 20 * 60_000
const ABANDONED_MS = 60 * 60_000

/**
 * Downloads Puppeteer's headless shell into Puppeteer's cache and gives its executable. It is
 * unpacked beside its place and renamed into it, so that what stands in the cache is always whole.
 * @throws Error with the reason in words, or the signal's reason
 */
export async function installShell(
  cacheDir: string,
  machine: Machine,
  { onProgress, signal }: Watched,
): Promise<string> {
  mkdirSync(cacheDir, { recursive: true })
  sweepIncoming(cacheDir, '.incoming-')
  const incoming = mkdtempSync(join(cacheDir, '.incoming-'))
  try {
    const executablePath = await download(incoming, { onProgress, ...(signal && { signal }) })
    return await moveIntoCache(executablePath, incoming, cacheDir, machine)
  } finally {
    rmSync(incoming, { recursive: true, force: true, maxRetries: 5 })
  }
}

/**
 * Removes what installations left behind that were killed. One that still runs has written to its
 * folder lately.
 */
export function sweepIncoming(parent: string, prefix: string): void {
  for (const name of readdirSync(parent).filter((entry) => entry.startsWith(prefix))) {
    const folder = join(parent, name)
    const { mtimeMs } = statSync(folder, { throwIfNoEntry: false }) ?? { mtimeMs: Date.now() }
    if (Date.now() - mtimeMs > ABANDONED_MS)
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  }
}

/**
 * In a process of its own, because Puppeteer's installer cannot be stopped, and a download that
 * stalls has to be.
 */
function download(folder: string, { onProgress, signal }: Watched): Promise<string> {
  // The first answer may be long in coming.
  onProgress({ text: DOWNLOADING })
  return new Promise((resolve, reject) => {
    const child = fork(
      fileURLToPath(new URL('install-shell-process.ts', import.meta.url)),
      [folder],
      {
        // A proxy named in HTTPS_PROXY is used, as npm does.
        env: { ...process.env, NODE_USE_ENV_PROXY: '1' },
        execArgv: ['--disable-warning=ExperimentalWarning'],
        stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      },
    )
    // What it unpacks can be removed when it has ended.
    let stopped: { readonly reason: unknown } | null = null
    const stop = (reason: unknown) => {
      stopped ??= { reason }
      child.kill('SIGKILL')
    }
    const release = onAbort(signal, stop)
    const stall = setTimeout(
      () => stop(new Error(`nothing came for ${STALL_MS / 1000} s.`)),
      STALL_MS,
    )
    const total = setTimeout(
      () => stop(new Error(`not finished after ${TOTAL_MS / 60_000} minutes.`)),
      TOTAL_MS,
    )

    child.on('message', (message: InstallMessage) => {
      stall.refresh()
      if (message.type === 'progress') onProgress(downloadProgress(message))
      if (message.type === 'unpacking') onProgress({ text: 'Unpacking the browser', fraction: 1 })
      if (message.type === 'installed') resolve(message.executablePath)
      if (message.type === 'failed') reject(new Error(message.reason))
    })
    child.once('error', reject)
    child.once('exit', (code, killedBy) => {
      clearTimeout(stall)
      clearTimeout(total)
      release()
      const ended = new Error(`the installer ended with ${killedBy ?? `code ${code}`}.`)
      reject(stopped ? stopped.reason : ended)
    })
  })
}

function downloadProgress({ received, total }: { received: number; total: number }) {
  if (total === 0) return { text: `${DOWNLOADING}: ${megabytes(received)} MB` }
  return {
    text: `${DOWNLOADING}: ${megabytes(received)} of ${megabytes(total)} MB`,
    fraction: received / total,
  }
}

async function moveIntoCache(
  executablePath: string,
  incoming: string,
  cacheDir: string,
  machine: Machine,
): Promise<string> {
  // chrome-headless-shell/<platform>-<build>/… in both.
  const within = relative(incoming, executablePath)
  const build = within.split(/[\\/]/).slice(0, 2).join('/')
  mkdirSync(dirname(join(cacheDir, build)), { recursive: true })
  const final = join(cacheDir, within)
  await rememberWhole(join(incoming, build))
  // What is there does not start, or an interrupted installation left it.
  if (existsSync(join(cacheDir, build)))
    renameSync(join(cacheDir, build), join(incoming, 'replaced'))
  renameSync(join(incoming, build), join(cacheDir, build))
  const places = cachedBrowsers(cacheDir, machine).map((place) => place.executablePath)
  if (!places.includes(final)) throw new Error(`it unpacked without its executable, ${final}.`)
  return final
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(0)
}
