import { spawn } from 'node:child_process'
import { existsSync, realpathSync } from 'node:fs'
import { basename, delimiter, dirname, join } from 'node:path'
import type { Watched } from './install-shell.ts'

const TOTAL_MS = 20 * 60_000
const FILES = 'cache|userconfig|globalconfig|ca|cafile'
const NETWORK = 'registry|(https?_)?proxy|noproxy|strict_ssl|offline|_auth.*|//.*|@.*'
const KEPT_SETTINGS = new RegExp(`^npm_config_(${FILES}|${NETWORK})$`, 'i')

/**
 * Runs npm in `folder` and settles when it has succeeded. `text` is told with the seconds gone by,
 * every second.
 * @throws Error with what npm said, or the signal's reason
 */
export async function runNpm(
  args: readonly string[],
  folder: string,
  options: Watched & { text: string },
): Promise<void> {
  const { onProgress, signal, text } = options
  const npm = findNpm(process.env)
  if (!npm) throw new Error('npm was not found, neither beside node nor on PATH.')
  signal?.throwIfAborted()
  onProgress({ text })
  await new Promise<void>((resolve, reject) => {
    const startedAt = performance.now()
    const quiet = ['--no-audit', '--no-fund', '--loglevel=error']
    const child = spawn(npm.command, [...npm.args, ...args, '--prefix', folder, ...quiet], {
      cwd: folder,
      env: npmEnv(process.env),
      detached: true,
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    let said = ''
    child.stderr.on('data', (chunk: Buffer) => (said = (said + chunk.toString()).slice(-4000)))
    const stop = (reason: unknown) => {
      try {
        process.kill(-child.pid!, 'SIGKILL')
      } catch {
        // It has ended meanwhile.
      }
      reject(reason)
    }
    const onAbort = () => stop(signal!.reason)
    signal?.addEventListener('abort', onAbort, { once: true })
    const onExit = () => stop(null)
    process.once('exit', onExit)
    const ticker = setInterval(() => {
      const seconds = Math.round((performance.now() - startedAt) / 1000)
      onProgress({ text: `${text}: ${seconds} s` })
      if (seconds * 1000 > TOTAL_MS)
        stop(new Error(`npm has not finished after ${TOTAL_MS / 60_000} minutes.`))
    }, 1000)
    child.once('error', reject)
    child.once('close', (code) => {
      clearInterval(ticker)
      process.off('exit', onExit)
      signal?.removeEventListener('abort', onAbort)
      if (code === 0) resolve()
      else reject(new Error(`npm: ${npmReason(said) ?? `it ended with code ${code}.`}`))
    })
  })
}

/** The npm that runs us, else the one beside this node, else the one on PATH. */
export function findNpm(
  env: NodeJS.ProcessEnv,
  node = process.execPath,
): { command: string; args: string[] } | null {
  const running = env.npm_execpath
  // Also pnpm and yarn set npm_execpath.
  if (running && /^npm-cli\.c?js$/.test(basename(running)) && existsSync(running)) {
    const runtime = env.npm_node_execpath
    return { command: runtime && existsSync(runtime) ? runtime : node, args: [running] }
  }
  const folders = [dirname(node), ...(env.PATH ?? '').split(delimiter).filter(Boolean)]
  for (const folder of folders) {
    const npm = join(folder, 'npm')
    if (existsSync(npm)) return { command: node, args: [realpathSync(npm)] }
  }
  return null
}

/**
 * What an npm command sets for its scripts must not steer another one; the network, the cache and
 * the files stay.
 */
function npmEnv(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(env).filter(([name]) => !/^npm_/i.test(name) || KEPT_SETTINGS.test(name)),
  )
}

/** The first sentence of npm's error output that is neither a code nor a line of a stack. */
export function npmReason(said: string): string | undefined {
  const lines = said.split('\n').map((line) => line.replace(/^npm (error|ERR!) ?/, '').trim())
  const noise = /^(code |errno |syscall |type |path |dest |at |A complete log|Log files)/i
  const sentence = lines.find((line) => line && !noise.test(line))
  return sentence?.replace(/^\w*Error: /, '')
}
