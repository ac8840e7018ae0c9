import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { browserAtHand, closeBrowser, startBrowserAhead, warmBrowser } from './browser.ts'
import { installedBrowsers, thisMachine } from './install/browser-places.ts'

const FETCHING = /^Fetching a browser from the package registry/
/** Answers nobody: port 9 of this machine is closed. */
const NOWHERE = 'http://127.0.0.1:9/'
const LACKS_LIBRARY =
  'echo "$0: error while loading shared libraries: libnss3.so: cannot open" >&2; exit 127'

let folder: string
/** A package registry that accepts connections, and never answers. */
let registry: Server
let asked: number
const told: string[] = []
const onPreparing = ({ text }: { text: string }) => void told.push(text)

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'start-'))
  asked = 0
  told.length = 0
  registry = createServer((socket) => {
    asked++
    socket.on('error', () => {})
  })
  await new Promise<void>((resolve) => registry.listen(0, '127.0.0.1', resolve))
  const { port } = registry.address() as AddressInfo
  vi.stubEnv('HOME', folder)
  vi.stubEnv('ROUNDTRIP_HOME', join(folder, 'state'))
  vi.stubEnv('PUPPETEER_EXECUTABLE_PATH', undefined)
  vi.stubEnv('PUPPETEER_CACHE_DIR', undefined)
  vi.stubEnv('PUPPETEER_CHROME_HEADLESS_SHELL_DOWNLOAD_BASE_URL', NOWHERE)
  vi.stubEnv('npm_config_registry', `http://127.0.0.1:${port}/`)
  vi.stubEnv('npm_config_cache', join(folder, 'npm-cache'))
})
afterEach(async () => {
  await closeBrowser()
  vi.unstubAllEnvs()
  registry.close()
  rmSync(folder, { recursive: true, force: true })
})

/** A program that stands where a browser is looked for first. */
function onPath(script: string): string {
  const bin = join(folder, 'bin')
  mkdirSync(bin, { recursive: true })
  const file = join(bin, 'chromium')
  writeFileSync(file, `#!/bin/sh\n${script}\n`)
  chmodSync(file, 0o755)
  vi.stubEnv('PATH', `${bin}:${process.env.PATH}`)
  return file
}

const waitUntil = (isSo: () => boolean) => vi.waitUntil(isSo, { timeout: 30_000 })
const kept = () => readdirSync(join(folder, 'state/browser'))

describe.runIf(
  process.platform === 'linux' &&
    process.arch === 'x64' &&
    installedBrowsers(thisMachine()).length === 0,
)('a browser that does not start, and a registry that does not answer', () => {
  it('install nothing before somebody asks', async () => {
    onPath(`touch ${folder}/started; ${LACKS_LIBRARY}`)
    startBrowserAhead()
    await waitUntil(() => readdirSync(folder).includes('started'))
    await closeBrowser()
    expect(asked).toBe(0)
    expect(readdirSync(folder)).not.toContain('state')
  })

  it.each([
    ['when it was started ahead', true],
    ['when it was not', false],
  ])('are said, and one abort ends the wait %s', async (_, ahead) => {
    onPath(LACKS_LIBRARY)
    if (ahead) startBrowserAhead()
    const stop = new AbortController()
    const stopped = expect(warmBrowser(onPreparing, stop.signal)).rejects.toThrow('Ctrl-C')
    await waitUntil(() => asked > 0)
    expect(told).toContainEqual(expect.stringMatching(FETCHING))
    stop.abort(new Error('Ctrl-C'))
    await stopped
    await closeBrowser()
    expect(kept()).toEqual([])
  })

  it('end when the abort comes with the first word', async () => {
    onPath(LACKS_LIBRARY)
    const stop = new AbortController()
    const stopAtOnce = ({ text }: { text: string }) => {
      if (FETCHING.test(text)) stop.abort(new Error('Ctrl-C'))
    }
    await expect(warmBrowser(stopAtOnce, stop.signal)).rejects.toThrow('Ctrl-C')
    await closeBrowser()
    expect(kept()).toEqual([])
  })

  it('are nothing to wait for where none is to be installed', async () => {
    onPath(LACKS_LIBRARY)
    expect(await browserAtHand()).toBeNull()
    expect(asked).toBe(0)

    const stop = new AbortController()
    const stopped = expect(warmBrowser(onPreparing, stop.signal)).rejects.toThrow('Ctrl-C')
    await waitUntil(() => asked > 0)
    expect(await browserAtHand()).toBeNull()
    stop.abort(new Error('Ctrl-C'))
    await stopped
  })
})

describe.runIf(process.platform === 'linux')('a browser that never answers', () => {
  it('is waited for by the others when one gives up, and ends with the last', async () => {
    vi.stubEnv('PUPPETEER_EXECUTABLE_PATH', onPath('exec sleep 600'))
    const [first, last] = [new AbortController(), new AbortController()]
    let isLastOver = false
    const both = [first, last].map(({ signal }) => warmBrowser(onPreparing, signal))
    both[1]!.catch(() => (isLastOver = true))
    await waitUntil(() => told.includes('Waiting for the browser to start'))
    first.abort(new Error('gone'))
    await expect(both[0]).rejects.toThrow('gone')
    expect(isLastOver).toBe(false)
    last.abort(new Error('gone as well'))
    await expect(both[1]).rejects.toThrow('gone as well')
  })

  it('does not hold up what ends the command', async () => {
    vi.stubEnv('PUPPETEER_EXECUTABLE_PATH', onPath(`echo $$ > ${folder}/pid; exec sleep 600`))
    startBrowserAhead()
    const waiting = expect(warmBrowser()).rejects.toThrow('The browser was closed')
    await waitUntil(() => readdirSync(folder).includes('pid'))
    await closeBrowser()
    await waiting
  })
})
