import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { findNpm, npmReason, runNpm } from './run-npm.ts'

let folder: string
beforeEach(() => void (folder = realpathSync(mkdtempSync(join(tmpdir(), 'npm-')))))
afterEach(() => rmSync(folder, { recursive: true, force: true }))

function put(path: string): string {
  const file = join(folder, path)
  mkdirSync(join(file, '..'), { recursive: true })
  writeFileSync(file, '')
  chmodSync(file, 0o755)
  return file
}

describe('npm is found', () => {
  it('as the one that runs us, with the node that runs it', () => {
    const npm_execpath = put('lib/npm-cli.js')
    const npm_node_execpath = put('bin/node20')
    expect(findNpm({ npm_execpath, npm_node_execpath })).toEqual({
      command: npm_node_execpath,
      args: [npm_execpath],
    })
  })

  it('also when another package manager runs us: that one is no npm', () => {
    const npm = put('bin/npm')
    const npm_execpath = put('lib/pnpm.cjs')
    const node = join(folder, 'bin/node')
    expect(findNpm({ npm_execpath, PATH: '' }, node)).toEqual({ command: node, args: [npm] })
  })

  it('on PATH, through its link', () => {
    const cli = put('lib/npm/bin/npm-cli.js')
    mkdirSync(join(folder, 'path'))
    symlinkSync(cli, join(folder, 'path/npm'))
    const PATH = `/nowhere:${join(folder, 'path')}`
    expect(findNpm({ PATH }, '/elsewhere/node')).toEqual({
      command: '/elsewhere/node',
      args: [cli],
    })
  })

  it('or not at all', () => {
    expect(
      findNpm({ PATH: folder, npm_execpath: '/gone/npm-cli.js' }, '/elsewhere/node'),
    ).toBeNull()
  })
})

describe('what npm says', () => {
  it.each([
    [
      'npm error code ENOTFOUND\nnpm error syscall getaddrinfo\nnpm error network request failed\n',
      'network request failed',
    ],
    [
      'npm error FetchError: request failed, reason: x\nnpm error     at ClientRequest.<anonymous>\n',
      'request failed, reason: x',
    ],
    [
      'npm ERR! code EINTEGRITY\nnpm ERR! sha512-a integrity checksum failed\n',
      'sha512-a integrity checksum failed',
    ],
    ['npm error A complete log of this run can be found in: /x\n', undefined],
    ['', undefined],
  ])('%j', (said, reason) => {
    expect(npmReason(said)).toBe(reason)
  })
})

describe('npm and a registry', () => {
  let answer: (response: ServerResponse) => void
  const registry = createServer((_request, response) => answer(response))
  beforeEach(async () => {
    answer = () => {}
    await new Promise<void>((resolve) => registry.listen(0, '127.0.0.1', resolve))
    const { port } = registry.address() as AddressInfo
    vi.stubEnv('npm_config_registry', `http://127.0.0.1:${port}/`)
    vi.stubEnv('npm_config_cache', join(folder, 'cache'))
  })
  afterEach(() => {
    vi.unstubAllEnvs()
    registry.closeAllConnections()
    registry.close()
  })
  const told: string[] = []
  const onProgress = ({ text }: { text: string }) => void told.push(text)
  const view = ['view', 'some-package', '--fetch-retries=0']

  it('that never answers is given up', async () => {
    await expect(
      runNpm(view, folder, { onProgress, text: 'Asking', firstAnswerMs: 100 }),
    ).rejects.toThrow('npm: the registry has not answered for 0.1 s.')
    expect(told).toContain('Asking: 1 s')
  })

  it('that answers is waited for', async () => {
    answer = (response) => {
      response.writeHead(404, { 'Content-Type': 'application/json' })
      setTimeout(() => response.end('{}'), 1500)
    }
    await expect(
      runNpm(view, folder, { onProgress, text: 'Asking', firstAnswerMs: 60_000 }),
    ).rejects.toThrow(/^npm: (?!the registry has not answered).*404/)
  })

  it.each(['before', 'with the first word', 'later'])('is left by an abort %s', async (when) => {
    const stop = new AbortController()
    if (when === 'before') stop.abort(new Error('Ctrl-C'))
    const left = runNpm(view, folder, {
      signal: stop.signal,
      text: 'Asking',
      onProgress({ text }) {
        if (when === 'with the first word' || text === 'Asking: 1 s')
          stop.abort(new Error('Ctrl-C'))
      },
    })
    await expect(left).rejects.toThrow('Ctrl-C')
  })
})
