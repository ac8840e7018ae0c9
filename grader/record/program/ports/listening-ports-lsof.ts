import { execFile } from 'node:child_process'
import type { Listener, PortHolder } from './listening-ports.ts'

/** macOS (and any Unix with lsof). */
export async function listenersOf(group: number): Promise<Listener[]> {
  const output = await run('lsof', [
    '-nP',
    '-a',
    '-g',
    String(group),
    '-iTCP',
    '-sTCP:LISTEN',
    '-Ftn',
  ])
  return parseListeners(output)
}

export async function holderOf(port: number): Promise<PortHolder | null> {
  const output = await run('lsof', ['-nP', `-iTCP:${port}`, '-sTCP:LISTEN', '-Fpc'])
  const holder = parseHolder(output)
  if (!holder) return null
  const commandLine = (await run('ps', ['-o', 'command=', '-p', String(holder.pid)])).trim()
  return commandLine ? { pid: holder.pid, command: commandLine } : holder
}

/**
 * Reads lsof's field output: one field a line, its first letter names it. `n*:3000` is every IPv4
 * address, or every IPv6 one.
 */
export function parseListeners(output: string): Listener[] {
  let family = 'IPv4'
  const listeners = new Map<string, Listener>()
  for (const line of output.split('\n')) {
    if (line.startsWith('t')) family = line.slice(1)
    const match = line.match(/^n(.+):(\d+)$/)
    if (!match) continue
    const host = match[1]!.replace(/^\[(.*)\]$/, '$1')
    const address = host === '*' ? (family === 'IPv6' ? '::' : '0.0.0.0') : host
    listeners.set(`${address} ${match[2]}`, { port: Number(match[2]), address })
  }
  return [...listeners.values()]
}

/** The first process of lsof's field output. */
export function parseHolder(output: string): PortHolder | null {
  const pid = output.match(/^p(\d+)$/m)?.[1]
  return pid
    ? { pid: Number(pid), command: output.match(/^c(.+)$/m)?.[1] ?? `process ${pid}` }
    : null
}

/** What it prints; empty when it is missing, and when it found nothing (lsof then exits with 1). */
function run(command: string, args: string[]): Promise<string> {
  return new Promise((resolve) =>
    execFile(command, args, { timeout: 5000 }, (_error, stdout) => resolve(stdout)),
  )
}
