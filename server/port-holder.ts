import { execFile } from 'node:child_process'
import { readdir, readFile, readlink } from 'node:fs/promises'
import { promisify } from 'node:util'

/**
 * Who listens on a port of this machine, as one says it: "Roundtrip (HTTP from scratch)", "node server.js (process 4711)". Undefined
 * when that cannot be found out, as for another user's program.
 */
export async function portHolder(port: number): Promise<string | undefined> {
  return (await roundtripAt(port)) ?? (process.platform === 'linux' ? await byProc(port) : await byLsof(port))
}

async function roundtripAt(port: number): Promise<string | undefined> {
  try {
    const answer = await fetch(`http://localhost:${port}/api/server`, { signal: AbortSignal.timeout(500), redirect: 'error' })
    const data = (await answer.json()) as { server?: unknown; course?: unknown }
    return data.server === 'roundtrip' ? `Roundtrip itself (${String(data.course)}): read at http://localhost:${port}` : undefined
  } catch {
    return undefined
  }
}

async function byProc(port: number): Promise<string | undefined> {
  const inode = (await listeningInode('/proc/net/tcp', port)) ?? (await listeningInode('/proc/net/tcp6', port))
  if (inode === undefined) return undefined
  const processes = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name))
  for (const pid of processes) {
    if (await holdsSocket(pid, inode)) return describe(pid, await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => ''))
  }
  return undefined
}

/** Columns of /proc/net/tcp: local address and port in hexadecimal, state 0A for listening, the socket's inode in the tenth. */
async function listeningInode(table: string, port: number): Promise<string | undefined> {
  const lines = (await readFile(table, 'utf8').catch(() => '')).split('\n').slice(1)
  const wanted = port.toString(16).toUpperCase().padStart(4, '0')
  const found = lines.map((line) => line.trim().split(/\s+/)).find((columns) => columns[1]?.endsWith(`:${wanted}`) && columns[3] === '0A')
  return found?.[9]
}

async function holdsSocket(pid: string, inode: string): Promise<boolean> {
  for (const descriptor of await readdir(`/proc/${pid}/fd`).catch(() => [])) {
    if ((await readlink(`/proc/${pid}/fd/${descriptor}`).catch(() => '')) === `socket:[${inode}]`) return true
  }
  return false
}

async function byLsof(port: number): Promise<string | undefined> {
  try {
    const { stdout } = await promisify(execFile)('lsof', ['-nP', `-iTCP:${port}`, '-sTCP:LISTEN', '-Fpc'], { timeout: 2000 })
    const pid = /^p(\d+)$/m.exec(stdout)?.[1]
    return pid && describe(pid, /^c(.+)$/m.exec(stdout)?.[1] ?? '')
  } catch {
    return undefined
  }
}

function describe(pid: string, command: string): string {
  const words = command.split('\0').join(' ').trim()
  // oxlint-disable-next-line no-control-regex -- another program's name must not steer the terminal
  const shown = words.replace(/[\u0000-\u001f\u007f-\u009f]/g, '?')
  return `${shown.length > 60 ? `${shown.slice(0, 60)}…` : shown || 'a program'} (process ${pid})`
}
