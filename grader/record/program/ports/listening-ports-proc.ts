import { readlinkSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { namesIn, processes, readKernelFile, statOf } from '../../../machine/proc.ts'
import { groupMembersLately } from '../processes/group-members.ts'
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
  const held = new Set(groupMembersLately(group).flatMap(heldSockets))
  if (held.size === 0) return []
  const tables = await Promise.all(TABLES.map(listeningIn))
  return tables
    .flat()
    .filter(({ inode }) => held.has(inode))
    .map(({ port, address }) => ({ port, address }))
}

/**
 * True when a process of the group listens on `port`. The likely is looked at first, the table of
 * IPv4 and the leader itself: every further table takes the kernel milliseconds, and reading every
 * process ten times as long as one.
 */
export async function holds(group: number, port: number): Promise<boolean> {
  for (const table of TABLES) {
    const sockets = await listeningIn(table)
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
    (await Promise.all(TABLES.map(listeningIn)))
      .flat()
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

/** The kernel gives a page at most at a time. */
const PAGE = 4096
/** The heading, and connections that are being opened: older kernels list those with who listens. */
const MAY_PRECEDE = new Set([LISTENING, 'st', '03', '0C'])

/**
 * The kernel lists the sockets that listen before all others (net/ipv4/tcp_ipv4.c), so the others are
 * left unread: a busy machine has thousands of connections, and a table for millions, in which the
 * kernel looks for them. Nothing where the table cannot be read.
 */
export async function listeningIn(table: string): Promise<ListeningSocket[]> {
  const file = await open(table).catch(() => null)
  if (!file) return []
  try {
    let text = ''
    for (;;) {
      const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(PAGE), 0, PAGE, null)
      text += buffer.toString('latin1', 0, bytesRead)
      if (bytesRead === 0 || !MAY_PRECEDE.has(lastState(text))) return parseSocketTable(text)
    }
  } catch {
    return []
  } finally {
    await file.close()
  }
}

/** The state of the last row that is there whole. */
function lastState(text: string): string {
  const row = text.slice(text.lastIndexOf('\n', text.lastIndexOf('\n') - 1) + 1)
  return row.trim().split(/\s+/)[3] ?? LISTENING
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
