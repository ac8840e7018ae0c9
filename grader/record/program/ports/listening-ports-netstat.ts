import { execFile } from 'node:child_process'
import type { Listener, PortHolder } from './listening-ports.ts'

interface OwnedListener extends Listener {
  readonly pid: number
}

/** Windows. */
export async function listenersOf(group: number): Promise<Listener[]> {
  const [rows, parents] = await Promise.all([netstat(), parentsOfProcesses()])
  const family = descendants(group, parents)
  return rows.filter(({ pid }) => family.has(pid)).map(({ port, address }) => ({ port, address }))
}

export async function holderOf(port: number): Promise<PortHolder | null> {
  const row = (await netstat()).find((candidate) => candidate.port === port)
  if (!row) return null
  const output = await run('tasklist', ['/FI', `PID eq ${row.pid}`, '/FO', 'CSV', '/NH'])
  return { pid: row.pid, command: output.match(/^"([^"]+)"/m)?.[1] ?? `process ${row.pid}` }
}

/**
 * Reads `netstat -ano`. The word for the state is translated, so the far end says it: a listening
 * socket has none.
 */
export function parseNetstat(output: string): OwnedListener[] {
  const listeners: OwnedListener[] = []
  for (const row of output.split('\n')) {
    const match = row.match(/^\s*TCP\s+(\S+):(\d+)\s+(?:0\.0\.0\.0|\[::\]):0\s+\S+\s+(\d+)\s*$/)
    if (match)
      listeners.push({
        address: match[1]!.replace(/^\[(.*)\]$/, '$1'),
        port: Number(match[2]),
        pid: Number(match[3]),
      })
  }
  return listeners
}

/**
 * `pid` and everything it started, and they, and so on. `parents`: pid to the pid of its parent.
 */
export function descendants(pid: number, parents: ReadonlyMap<number, number>): Set<number> {
  const family = new Set([pid])
  for (let size = 0; size !== family.size;) {
    size = family.size
    for (const [child, parent] of parents) if (family.has(parent)) family.add(child)
  }
  return family
}

async function netstat(): Promise<OwnedListener[]> {
  return parseNetstat(await run('netstat', ['-ano']))
}

async function parentsOfProcesses(): Promise<Map<number, number>> {
  const line = '"$($_.ProcessId) $($_.ParentProcessId)"'
  const script = `Get-CimInstance Win32_Process | ForEach-Object { ${line} }`
  const output = await run('powershell', ['-NoProfile', '-NonInteractive', '-Command', script])
  return new Map(
    [...output.matchAll(/^(\d+) (\d+)\s*$/gm)].map((match) => [Number(match[1]), Number(match[2])]),
  )
}

/** What it prints; empty when it is missing or fails. */
function run(command: string, args: string[]): Promise<string> {
  return new Promise((resolve) =>
    execFile(command, args, { timeout: 10_000, windowsHide: true }, (_error, stdout) =>
      resolve(stdout),
    ),
  )
}
