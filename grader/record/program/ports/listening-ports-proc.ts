import { readlinkSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { namesIn, processes, readKernelFile, statOf } from '../../../machine/proc.ts'
import type { Listener, PortHolder } from './listening-ports.ts'

const LISTENING = '0A'
const TABLES = ['/proc/net/tcp', '/proc/net/tcp6']

interface ListeningSocket extends Listener {
  readonly inode: string
}

/**
 * Linux: the sockets that the group's processes hold open, looked up in the kernel's table of
 * listening ones. A program that is still loading holds none, and is spared the tables: on a busy
 * machine they take longer than all else, and stop whatever else this process does.
 */
export async function listenersOf(group: number): Promise<Listener[]> {
  const held = new Set(lately(group).flatMap(heldSockets))
  if (held.size === 0) return []
  const tables = await Promise.all(TABLES.map(readTable))
  return tables
    .flatMap(parseSocketTable)
    .filter(({ inode }) => held.has(inode))
    .map(({ port, address }) => ({ port, address }))
}

const LATELY_MS = 200
let seen = { at: -Infinity, groups: new Map<number, number[]>() }

/**
 * The processes of a group, as they were a moment ago at most: programs that start beside each
 * other are looked for at the same time, again and again.
 */
function lately(group: number): readonly number[] {
  if (!seen.groups.has(group) || performance.now() - seen.at > LATELY_MS)
    seen = { at: performance.now(), groups: Map.groupBy(processes(), groupOf) }
  return seen.groups.get(group) ?? []
}

/**
 * True when a process of the group listens on `port`. The likely is looked at first, the table of
 * IPv4 and the leader itself: every further table takes the kernel milliseconds, and reading every
 * process ten times as long as one.
 */
export async function holds(group: number, port: number): Promise<boolean> {
  for (const table of TABLES) {
    const sockets = parseSocketTable(await readTable(table))
    const wanted = new Set(
      sockets.filter((socket) => socket.port === port).map(({ inode }) => inode),
    )
    const listens = (pid: number) => heldSockets(pid).some((inode) => wanted.has(inode))
    if (
      wanted.size > 0 &&
      (listens(group) ||
        processes()
          .filter((pid) => groupOf(pid) === group)
          .some(listens))
    )
      return true
  }
  return false
}

export async function holderOf(port: number): Promise<PortHolder | null> {
  const wanted = new Set(
    listeningSockets()
      .filter((socket) => socket.port === port)
      .map(({ inode }) => inode),
  )
  if (wanted.size === 0) return null
  const pid = processes().find((candidate) =>
    heldSockets(candidate).some((inode) => wanted.has(inode)),
  )
  return pid === undefined ? null : { pid, command: commandOf(pid) }
}

/** The listening sockets of a table in the format of /proc/net/tcp and /proc/net/tcp6. */
export function parseSocketTable(table: string): ListeningSocket[] {
  const sockets: ListeningSocket[] = []
  for (const row of table.split('\n').slice(1)) {
    // A machine that is busy has thousands of connections that are over, and few that listen.
    if (!row.includes(` ${LISTENING} `)) continue
    const [, local, , state, , , , , , inode] = row.trim().split(/\s+/)
    const [hexAddress, hexPort] = local?.split(':') ?? []
    if (state !== LISTENING || !hexAddress || !hexPort || !inode) continue
    sockets.push({ port: Number.parseInt(hexPort, 16), address: readAddress(hexAddress), inode })
  }
  return sockets
}

/**
 * The kernel prints an address as 32-bit words in its own byte order: every word of a little-endian
 * machine reads backwards.
 */
function readAddress(hex: string): string {
  const bytes = hex.match(/.{8}/g)!.flatMap((word) => word.match(/../g)!.toReversed())
  if (bytes.length === 4) return bytes.map((byte) => Number.parseInt(byte, 16)).join('.')
  const groups = Array.from(
    { length: 8 },
    (_, index) => `${bytes[2 * index]}${bytes[2 * index + 1]}`,
  )
  // The URL parser shortens an IPv6 address the usual way.
  return new URL(`http://[${groups.join(':')}]`).hostname.slice(1, -1)
}

function listeningSockets(): ListeningSocket[] {
  return TABLES.flatMap((table) => parseSocketTable(readKernelFile(table)))
}

/** Beside everything else: on a busy machine it takes the kernel long. */
function readTable(table: string): Promise<string> {
  return readFile(table, 'utf8').catch(() => '')
}

function groupOf(pid: number): number {
  return statOf(pid).group
}

function heldSockets(pid: number): string[] {
  return namesIn(`/proc/${pid}/fd`).flatMap((descriptor) => {
    try {
      return (
        readlinkSync(`/proc/${pid}/fd/${descriptor}`)
          .match(/^socket:\[(\d+)\]$/)
          ?.slice(1) ?? []
      )
    } catch {
      return []
    }
  })
}

function commandOf(pid: number): string {
  return (
    readKernelFile(`/proc/${pid}/cmdline`).replaceAll('\0', ' ').trim() ||
    readKernelFile(`/proc/${pid}/comm`).trim()
  )
}
