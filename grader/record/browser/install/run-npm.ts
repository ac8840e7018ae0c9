import { spawn } from 'node:child_process'
import { existsSync, realpathSync } from 'node:fs'
import { basename, delimiter, dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { onAbort } from '../../timing/until-aborted.ts'
import type { Watched } from './install-shell.ts'

const TOTAL_MS = 20 * 60_000
/** npm itself waits five minutes for each answer. */
const FIRST_ANSWER_MS = 60_000
const FILES = 'cache|userconfig|globalconfig|ca|cafile'
const NETWORK = 'registry|(https?_)?proxy|noproxy|strict_ssl|offline|_auth.*|//.*|@.*'
/** `npm http fetch GET 200 https://… 31ms (cache miss)` */
const ANSWER = /^npm http (fetch [A-Z]+ [1-5]\d\d |cache )/
const COMPLAINT = /^npm (error|ERR!)/
const MOST_COMPLAINTS = 50
const KEPT_SETTINGS = new RegExp(`^npm_config_(${FILES}|${NETWORK})$`, 'i')

/**
 * Runs npm in `folder` and settles when it has ended. `text` is reported with the seconds gone by,
 * every second. A registry that answers nothing within a minute is given up.
 * @throws Error with what npm said, or the signal's reason
 */
export async function runNpm(
  args: readonly string[],
  folder: string,
  options: Watched & { text: string; firstAnswerMs?: number },
): Promise<void> {
  const { onProgress, signal, text, firstAnswerMs = FIRST_ANSWER_MS } = options
  const npm = findNpm(process.env)
  if (!npm) throw new Error('npm was not found, neither beside node nor on PATH.')
  signal?.throwIfAborted()
  onProgress({ text })
  const startedAt = performance.now()
  // The level `http` names each answer of the registry as it comes.
  const quiet = ['--no-audit', '--no-fund', '--loglevel=http']
  const child = spawn(npm.command, [...npm.args, ...args, '--prefix', folder, ...quiet], {
    cwd: folder,
    env: npmEnv(process.env),
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const complaints: string[] = []
  let answered = false
  createInterface(child.stderr).on('line', (line) => {
    answered ||= ANSWER.test(line)
    if (COMPLAINT.test(line) && complaints.length < MOST_COMPLAINTS) complaints.push(line)
  })
  let stopped: { readonly reason: unknown } | null = null
  const stop = (reason: unknown) => {
    stopped ??= { reason }
    try {
      process.kill(-child.pid!, 'SIGKILL')
    } catch {
      // It has ended meanwhile.
    }
  }
  // What `onProgress` did above may have aborted it already.
  const release = onAbort(signal, stop)
  const onExit = () => stop(null)
  process.once('exit', onExit)
  const ticker = setInterval(() => {
    const ms = performance.now() - startedAt
    onProgress({ text: `${text}: ${Math.round(ms / 1000)} s` })
    if (!answered && ms > firstAnswerMs)
      stop(new Error(`npm: the registry has not answered for ${firstAnswerMs / 1000} s.`))
    if (ms > TOTAL_MS)
      stop(new Error(`npm: it has not finished after ${TOTAL_MS / 60_000} minutes.`))
  }, 1000)
  try {
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once('error', reject)
      child.once('close', resolve)
    })
    if (stopped) throw (stopped as { reason: unknown }).reason
    if (code !== 0)
      throw new Error(`npm: ${npmReason(complaints.join('\n')) ?? `it ended with code ${code}.`}`)
  } finally {
    clearInterval(ticker)
    process.off('exit', onExit)
    release()
  }
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
