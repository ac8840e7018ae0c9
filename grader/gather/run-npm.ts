import { spawn } from 'node:child_process'
import { existsSync, realpathSync } from 'node:fs'
import { basename, delimiter, dirname, join } from 'node:path'
import type { Watched } from './install-shell.ts'

const TOTAL_MS = 20 * 60_000

/**
 * Runs npm in `folder` and settles when it has succeeded. `text` is told with the seconds gone by, every second.
 * @throws Error with what npm said, or the signal's reason
 */
export async function runNpm(args: readonly string[], folder: string, { onProgress, signal, text }: Watched & { text: string }): Promise<void> {
  const npm = findNpm(process.env)
  if (!npm) throw new Error('npm was not found, neither beside node nor on PATH.')
  signal?.throwIfAborted()
  onProgress({ text })
  await new Promise<void>((resolve, reject) => {
    const startedAt = performance.now()
    const child = spawn(npm.command, [...npm.args, ...args, '--prefix', folder, '--no-audit', '--no-fund', '--loglevel=error'], {
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
      if (seconds * 1000 > TOTAL_MS) stop(new Error(`npm has not finished after ${TOTAL_MS / 60_000} minutes.`))
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
export function findNpm(env: NodeJS.ProcessEnv, node = process.execPath): { command: string; args: string[] } | null {
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

/** Settings of an npm command that runs us must not steer the one we run: only those for the network and the cache go on. */
function npmEnv(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const kept = /^npm_config_(registry|cafile|ca|cache|userconfig|globalconfig|proxy|https?_proxy|noproxy|strict_ssl|offline|prefer_offline|_auth.*|\/\/.*|@.*)$/i
  return Object.fromEntries(Object.entries(env).filter(([name]) => !/^npm_/i.test(name) || kept.test(name)))
}

/** The first sentence of npm's error output that is neither a code nor a line of a stack. */
export function npmReason(said: string): string | undefined {
  const lines = said.split('\n').map((line) => line.replace(/^npm (error|ERR!) ?/, '').trim())
  const sentence = lines.find((line) => line && !/^(code |errno |syscall |type |path |dest |at |A complete log|Log files)/i.test(line))
  return sentence?.replace(/^\w*Error: /, '')
}
