import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { parseHolder, parseListeners } from './listening-ports-lsof.ts'
import { listeningIn, parseSocketTable } from './listening-ports-proc.ts'
import { listeningPorts, portHolder } from './listening-ports.ts'

describe('real processes', () => {
  const groups: ChildProcess[] = []
  afterEach(() => {
    for (const leader of groups.splice(0)) process.kill(-leader.pid!, 'SIGKILL')
  })

  /**
   * Starts a program that leads a group of its own and settles when it has printed `count` ports.
   */
  async function start(source: string, count: number): Promise<{ pid: number; ports: number[] }> {
    const leader = spawn(process.execPath, ['-e', source], {
      detached: true,
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    groups.push(leader)
    let said = ''
    for await (const chunk of leader.stdout!) {
      said += String(chunk)
      if (said.split('\n').length > count) break
    }
    return { pid: leader.pid!, ports: said.trim().split('\n').map(Number) }
  }

  const listenOn = (host: string) =>
    `require('net').createServer().listen(0, '${host}', function () { console.log(this.address().port) });`

  test('the port and address of a program', async () => {
    const { pid, ports } = await start(listenOn('127.0.0.1'), 1)
    expect(await listeningPorts(pid)).toEqual([{ port: ports[0], address: '127.0.0.1' }])
  })

  test('IPv6 loopback is told from IPv4', async () => {
    const { pid, ports } = await start(listenOn('::1'), 1)
    expect(await listeningPorts(pid)).toEqual([{ port: ports[0], address: '::1' }])
  })

  test('every port of a program, lowest first', async () => {
    const { pid, ports } = await start(
      listenOn('127.0.0.1') + listenOn('0.0.0.0') + listenOn('::'),
      3,
    )
    const found = await listeningPorts(pid)
    expect(found.map(({ port }) => port)).toEqual(ports.toSorted((a, b) => a - b))
    expect(found.map(({ address }) => address).toSorted()).toEqual(['0.0.0.0', '127.0.0.1', '::'])
  })

  test('a grandchild counts, and so does one whose parent has ended', async () => {
    const grandchild = JSON.stringify(listenOn('127.0.0.1'))
    const child = JSON.stringify(
      `require('child_process').spawn(process.execPath, ['-e', ${grandchild}], { stdio: 'inherit' }).unref();`,
    )
    const { pid, ports } = await start(
      `require('child_process').spawn(process.execPath, ['-e', ${child}], { stdio: 'inherit' }); setInterval(() => {}, 1000)`,
      1,
    )
    expect(await listeningPorts(pid)).toEqual([{ port: ports[0], address: '127.0.0.1' }])
  })

  test("another group's ports do not count, nor does a connection", async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => server.once('listening', resolve))
    const { port } = server.address() as { port: number }
    const { pid } = await start(
      `require('net').connect(${port}, '127.0.0.1', () => console.log(0))`,
      1,
    )
    expect(await listeningPorts(pid)).toEqual([])
    server.close()
  })

  test('the process that holds a port, with its command line', async () => {
    const { pid, ports } = await start(`${listenOn('127.0.0.1')} /* holder */`, 1)
    expect(await portHolder(ports[0]!)).toEqual({
      pid,
      command: expect.stringContaining('/* holder */'),
    })
  })

  test('nobody holds a port that is free', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => server.once('listening', resolve))
    const { port } = server.address() as { port: number }
    await new Promise((resolve) => server.close(resolve))
    expect(await portHolder(port)).toBe(null)
  })

  test('a group that is gone listens nowhere', async () => {
    const { pid } = await start('console.log(0)', 1)
    await new Promise((resolve) => groups[0]!.once('close', resolve))
    groups.length = 0
    expect(await listeningPorts(pid)).toEqual([])
  })
})

test('/proc/net/tcp and tcp6: only listening sockets, addresses in words of reversed bytes', () => {
  const table = [
    '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode',
    '   0: 0100007F:A3D1 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4711 1 0000000000000000 100 0 0 10 0',
    '   1: 0100007F:A3D1 0100007F:D2F0 01 00000000:00000000 00:00000000 00000000     0        0 4712 1 0000000000000000 20 4 30 10 -1',
    '   2: 00000000000000000000000001000000:0BB8 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000 0 0 4713 1',
    '   3: 0000000000000000FFFF00000100007F:0BB9 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000 0 0 4714 1',
    '',
  ].join('\n')
  expect(parseSocketTable(table)).toEqual([
    { port: 41_937, address: '127.0.0.1', inode: '4711' },
    { port: 3000, address: '::1', inode: '4713' },
    { port: 3001, address: '::ffff:7f00:1', inode: '4714' },
  ])
})

describe('a table that is read as far as sockets listen', () => {
  const HEADING = '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when'
  const row = (port: number, state: string) =>
    `${String(port).padStart(4)}: 0100007F:${port.toString(16).padStart(4, '0')} 00000000:0000 ${state} 0:0 00:0 0 0 0 ${port} 1`.padEnd(
      149,
    )
  const many = (count: number, state: string) =>
    Array.from({ length: count }, (_, index) => row(1000 + index, state))

  test.each<[words: string, rows: readonly string[], count: number]>([
    ['nothing', [], 0],
    ['the heading alone', [HEADING], 0],
    ['one that listens', [HEADING, row(80, '0A')], 1],
    ['connections alone', [HEADING, ...many(500, '06')], 0],
    ['hundreds that listen', [HEADING, ...many(500, '0A')], 500],
    [
      'hundreds that listen, and connections',
      [HEADING, ...many(300, '0A'), ...many(900, '01')],
      300,
    ],
    [
      'those being opened between them',
      [HEADING, ...many(99, '0A'), ...many(99, '03'), ...many(99, '0A')],
      198,
    ],
    ['what follows connections is not read', [HEADING, ...many(99, '06'), ...many(99, '0A')], 0],
  ])('%s', async (_, rows, count) => {
    const folder = mkdtempSync(join(tmpdir(), 'table-'))
    try {
      const table = join(folder, 'tcp')
      writeFileSync(table, rows.map((each) => `${each}\n`).join(''))
      expect(await listeningIn(table)).toHaveLength(count)
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  test('a table that is not there', async () => {
    expect(await listeningIn('/proc/net/nowhere')).toEqual([])
  })
})

test('lsof: one star for every address of a family, each socket once', () => {
  const output = [
    'p812',
    'f21',
    'tIPv6',
    'n*:3000',
    'f22',
    'tIPv4',
    'n127.0.0.1:3001',
    'f23',
    'tIPv6',
    'n[::1]:3002',
    'p813',
    'f21',
    'tIPv6',
    'n*:3000',
    'f24',
    'tIPv4',
    'n*:3003',
    '',
  ].join('\n')
  expect(parseListeners(output)).toEqual([
    { port: 3000, address: '::' },
    { port: 3001, address: '127.0.0.1' },
    { port: 3002, address: '::1' },
    { port: 3003, address: '0.0.0.0' },
  ])
  expect(parseListeners('')).toEqual([])
  expect(parseHolder('p812\ncnode\nf21\n')).toEqual({ pid: 812, command: 'node' })
  expect(parseHolder('')).toBe(null)
})
