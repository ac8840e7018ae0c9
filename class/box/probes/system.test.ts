import { spawn, type ChildProcess } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer, type AddressInfo, type Server } from 'node:net'
import { networkInterfaces, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { trialFolder } from '../trial/trial.ts'
import { inBox, outside, withoutBox } from './run-probes.ts'

// Probes 5 to 7, 13 to 18 and 21: processes, the network, rights.

const SECRET = 'postgres://teacher:cfe41a0d@db/class'
const ABSTRACT = `\0roundtrip-probe-${process.pid}`
const NESTED = ['/usr/bin/unshare', '--user', '--map-root-user'] as const
const isRoot = process.getuid?.() === 0

let here: string
let servers: Server[]
let port: number
let victim: ChildProcess
let boxed: Record<string, any>
let free: Record<string, any>

describe.skipIf(withoutBox !== null)("a learner's program", () => {
  beforeAll(async () => {
    here = mkdtempSync(join(tmpdir(), 'roundtrip-probes-'))
    chmodSync(here, 0o755)
    const socket = join(here, 'socket')
    servers = await Promise.all([
      listening({ port: 0, host: '127.0.0.1' }),
      listening({ path: socket }),
      listening({ path: ABSTRACT }),
    ])
    chmodSync(socket, 0o777)
    port = (servers[0]!.address() as AddressInfo).port
    victim = spawn('/bin/sleep', ['60'], { stdio: 'ignore' })
    const both = {
      environmentsWith: SECRET,
      processes: {},
      routes: {},
      interfaces: {},
      connect: [{ port, host: '127.0.0.1' }, { path: socket }, { path: ABSTRACT }],
      status: {},
    }
    boxed = await inBox(
      {
        ...both,
        connect: [
          ...both.connect,
          { host: '192.0.2.1', port: 9 },
          { host: '2001:db8::1', port: 9 },
        ],
        kill: [1, victim.pid, -1 * victim.pid!],
        run: [
          [...NESTED, 'true'],
          ['/usr/bin/unshare', '--mount', 'true'],
          ['/usr/bin/unshare', '--net', 'true'],
          ['/bin/mount', '-t', 'tmpfs', 'none', '/tmp'],
          ['/bin/mount', '-o', 'remount,rw', '/'],
          ['/bin/umount', '/proc'],
          ['/bin/date', '--set', '2020-01-01'],
          ['/bin/dmesg'],
          ['/usr/bin/bwrap', '--unshare-user', '--ro-bind', '/', '/', 'true'],
          ['/usr/bin/prlimit', '--pid', '1', '--nproc=10000'],
          ['/usr/bin/prlimit', '--nproc=10000', 'true'],
        ],
        becomeRoot: {},
      },
      { dir: trialFolder },
      { DATABASE_URL: SECRET },
    )
    free = await outside(
      {
        ...both,
        kill: [victim.pid],
        run: [
          [...NESTED, 'true'],
          [...NESTED, '--mount', 'true'],
          [...NESTED, '--net', 'true'],
          [...NESTED, '--mount', '/bin/mount', '-t', 'tmpfs', 'none', '/mnt'],
        ],
        ...(isRoot && { becomeRoot: {} }),
      },
      { DATABASE_URL: SECRET },
    )
  }, 60_000)
  afterAll(() => {
    victim.kill('SIGKILL')
    servers.forEach((server) => server.close())
    rmSync(here, { recursive: true, force: true })
  })

  test('5: finds no secret in the environment of any process', () => {
    expect(boxed['environmentsWith']).toEqual([])
    expect(free['environmentsWith'].length).toBeGreaterThan(0)
  })

  test('6: sees its own processes, and neither the grader’s nor the machine’s', () => {
    // bubblewrap's own is the first.
    expect(boxed['processes']).toEqual([1, expect.any(Number)])
    expect(free['processes']).toContain(process.pid)
  })

  test('7: ends neither the first process nor one of the machine', () => {
    // A signal to the first process of a namespace from within is sent, and comes to nothing.
    expect(boxed['kill'][0]).toBe('sent')
    expect(boxed['kill'].slice(1)).toEqual(['refused', 'refused'])
    expect(boxed['status']).toBeDefined()
    expect(free['kill']).toEqual(['sent'])
  })

  test('13, 14: has a loopback and no way out of it', () => {
    expect(boxed['interfaces']).toEqual(['lo'])
    expect(boxed['routes']).toEqual([])
    expect(boxed['connect'].slice(3)).toEqual(['ENETUNREACH', 'ENETUNREACH'])
    expect(free['interfaces']).toEqual(Object.keys(networkInterfaces()))
  })

  test('15: reaches no port and no socket of the machine', () => {
    expect(boxed['connect'].slice(0, 3)).toEqual(['ECONNREFUSED', 'ENOENT', 'ECONNREFUSED'])
    expect(free['connect']).toEqual(['connected', 'connected', 'connected'])
  })

  test('16, 17: makes no namespace and mounts nothing', () => {
    const refused = boxed['run'].map(({ status }: { status: number }) => status !== 0)
    expect(refused).toEqual(Array(11).fill(true))
    expect(free['run'].map(({ status }: { status: number }) => status)).toEqual([0, 0, 0, 0])
  })

  test('18: is nobody, and cannot become root', () => {
    // There is no root in there.
    expect(boxed['becomeRoot']).toBe('EINVAL')
    const none = '0000000000000000'
    expect(boxed['status']).toMatchObject({
      CapEff: none,
      CapPrm: none,
      CapBnd: none,
      NoNewPrivs: '1',
    })
    if (isRoot) expect(free['becomeRoot']).toBe(0)
    expect(free['status']).toMatchObject({ NoNewPrivs: '0' })
  })

  test('21: neither sets the clock nor reads the kernel’s messages', () => {
    const says = boxed['run'].map((each: { says: string }) => each.says)
    expect(says[6]).toMatch(/cannot set date: Operation not permitted/)
    expect(says[7]).toMatch(/Operation not permitted|Permission denied/)
  })
})

function listening(where: { port: number; host: string } | { path: string }): Promise<Server> {
  const server = createServer((socket) => socket.end())
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(where, () => resolve(server))
  })
}
