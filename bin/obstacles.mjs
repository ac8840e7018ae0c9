// Why the command cannot run at all, in words: what is wrong, then what to do.
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'

const CURRENT_NODE = 'install Node 24 or newer, https://nodejs.org'

/**
 * What is wrong with this system, with what runs this script, or with how the packages were
 * installed.
 * @param {string} root
 * @returns {string | undefined}
 */
export function obstacleHere(root) {
  if (process.platform === 'win32')
    return [
      'Roundtrip does not run on Windows itself, because Windows has neither process',
      'groups nor SIGTERM, and Roundtrip ends programs by these. It runs in WSL. Type',
      '  wsl --install',
      'then open the Linux that you get, install Node there, and clone the project.',
    ].join('\n')
  for (const [name, version] of [
    ['Bun', process.versions.bun],
    ['Deno', process.versions.deno],
  ])
    if (version)
      return [
        `Roundtrip runs on Node. This is ${name} ${version}, which lacks some of its modules.`,
        `Please ${CURRENT_NODE}`,
        'Then, in the project folder: npm ci && npm start',
      ].join('\n')
  return tooFewFiles() ?? packagesMissing(root)
}

/** Node opens some twenty files before it runs a line, and crashes where it may not. */
const LEAST_FILES = 32

/** Where the system shows no such limit, there is none. */
function tooFewFiles() {
  let limits
  try {
    limits = readFileSync('/proc/self/limits', 'utf8')
  } catch (error) {
    return error.code === 'EMFILE' ? tooManyOpen('') : undefined
  }
  const limit = Number(/^Max open files +(\d+)/m.exec(limits)?.[1] ?? Infinity)
  return limit < LEAST_FILES ? tooManyOpen(`: ${limit} is the limit here (ulimit -n)`) : undefined
}

/** @param {string} limit */
function tooManyOpen(limit) {
  return `Too many open files${limit}.\nRaise the limit, in a new terminal if need be, and run this again:\n  ulimit -n 1024`
}

/**
 * The command could not be loaded: a file of ours or of a package is missing or damaged.
 * @param {string} root
 * @param {any} error
 */
export function cannotLoad(root, error) {
  if (error.code === 'EMFILE') return tooManyOpen('')
  const message = String(error?.message ?? error)
  const [, missing] = /Cannot find (?:module|package) '([^']+)'/.exec(message) ?? []
  const shown = missing?.startsWith(join(root, '/')) ? missing.slice(root.length + 1) : missing
  const debug = process.env.ROUNDTRIP_DEBUG ? `\n\n${error?.stack}` : ''
  if (shown === undefined || /^(?!node_modules)\w+\//.test(shown))
    return `Roundtrip cannot be loaded: ${shown ? `${shown} is missing` : message}.\nPut its files back (git status shows which differ), then in its folder: npm ci${debug}`
  return `A file of the packages is missing: ${shown}\nInstall the packages again, then run this again:\n  npm ci${debug}`
}

/** npm leaves its mark in the folder it fills. @param {string} root */
function packagesMissing(root) {
  const inside = (/** @type {string} */ path) => existsSync(join(root, path))
  if (inside('node_modules/.package-lock.json')) return undefined
  const marks = Object.entries({
    'node_modules/.modules.yaml': 'pnpm',
    'node_modules/.yarn-integrity': 'yarn',
    'node_modules/.yarn-state.yml': 'yarn',
    '.pnp.cjs': 'yarn',
    'bun.lock': 'bun',
    'bun.lockb': 'bun',
    'deno.lock': 'deno',
  })
  const other = marks.find(([path]) => inside(path))?.[1]
  if (other)
    return [
      `The packages were installed by ${other}. Roundtrip needs the versions in the`,
      'lock file, which is npm’s, and npm’s layout. In the project folder, type',
      '  rm -rf node_modules && npm ci',
    ].join('\n')
  try {
    createRequire(join(root, 'package.json')).resolve('express')
    return undefined
  } catch {
    return 'The packages are not installed. In the project folder, type\n  npm ci'
  }
}

/** No Node is here that is new enough. @param {string} root */
export function noNode(root) {
  const key = `${process.platform}-${process.arch}`
  const packages = Object.keys(
    createRequire(join(root, 'package.json'))('./package.json').optionalDependencies,
  )
  const exists = packages.some((name) => name.endsWith(key))
  return [
    `Roundtrip needs Node 24 or newer; this is ${process.versions.node}.`,
    ...(exists
      ? [
          'A newer one comes with the packages, but it is not there. In the project folder,',
          'type this, without --omit=optional:',
          '  npm ci',
        ]
      : [`None comes with the packages for this machine (${key}).`, `Please ${CURRENT_NODE}`]),
  ].join('\n')
}

/** Node itself crashed. @param {string} signal */
export function crashed(signal) {
  return [
    `Node crashed (${signal}). Probably this machine lacks something that it needs:`,
    'processes and threads (ulimit -u), memory (ulimit -v), or room on the disk.',
    'Raise the limit, in a new terminal if need be. To see what is short:',
    '  npm run doctor',
  ].join('\n')
}

/**
 * The Node that came with the packages is there, and cannot start.
 * @param {string} reason What the system says: `ENOENT`, `SIGILL`, `exit code 127`.
 */
export function bundledCannotStart(reason) {
  return [
    `Roundtrip needs Node 24 or newer; this is ${process.versions.node}. The one that`,
    `came with the packages cannot start (${reason}).`,
    ...(isMusl()
      ? [
          'It needs glibc, and this system has musl, as Alpine does.',
          'Use a Linux with glibc, such as Debian, Ubuntu or Fedora.',
        ]
      : ['Install the packages anew: npm ci', `If that does not help: ${CURRENT_NODE}`]),
  ].join('\n')
}

function isMusl() {
  if (process.platform !== 'linux') return false
  const { header } = /** @type {{ header: Record<string, unknown> }} */ (process.report.getReport())
  return header['glibcVersionRuntime'] === undefined
}
