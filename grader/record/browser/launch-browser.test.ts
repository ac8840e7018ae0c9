import { fork } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, BrowserContext, Page } from 'puppeteer'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { resolvePaths } from '../../../course/paths.ts'
import { BrowserFailed } from './browser-errors.ts'
import type { FoundBrowser } from './install/browser-places.ts'
import { findBrowser } from './install/find-browser.ts'
import { launchBrowser } from './launch-browser.ts'
import { ordinaryUserAgent } from './ordinary-user-agent.ts'

// A browser is installed here as it is for a learner, if this machine has none.
const FIRST_TIME_MS = 300_000

let real: FoundBrowser
let folder: string
let server: Server
let base: string
let requests: IncomingMessage[]

beforeAll(async () => {
  real = await findBrowser({ stateDir: resolvePaths().state, onProgress: () => {} })
  server = createServer((request, response) => {
    requests.push(request)
    if (request.url === '/login') response.setHeader('Set-Cookie', 'token=abc; Max-Age=10; Path=/')
    response
      .setHeader('Content-Type', 'text/html')
      .end(`<link rel=icon href=data:,><p>${request.headers.cookie ?? 'no cookie'}`)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}, FIRST_TIME_MS)
afterAll(() => server?.close())

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'launch-'))
  // Profiles are made in here, so that each test sees its own only.
  vi.stubEnv('TMPDIR', folder)
  requests = []
})
afterEach(() => {
  vi.unstubAllEnvs()
  rmSync(folder, { recursive: true, force: true })
})

const profiles = () => readdirSync(folder).filter((name) => name.startsWith('roundtrip-browser-'))

describe('a browser that was found', () => {
  it('keeps the cookies of two visitors apart, and is gone with its profile when closed', async () => {
    const browser = await launchBrowser({ found: real })
    const visit = async (visitor: BrowserContext, path: string) => {
      const page = await visitor.newPage()
      await page.goto(base + path)
      return textOf(page)
    }
    const ada = await browser.createBrowserContext()
    const ben = await browser.createBrowserContext()
    await Promise.all([visit(ada, '/login'), visit(ben, '/')])
    expect(await Promise.all([visit(ada, '/'), visit(ben, '/')])).toEqual([
      'token=abc',
      'no cookie',
    ])
    const [cookie] = await ada.cookies()
    expect(cookie!.expires).toBeGreaterThan(Date.now() / 1000 + 5)
    expect(cookie!.expires).toBeLessThan(Date.now() / 1000 + 11)

    expect(profiles()).toHaveLength(1)
    await browser.close()
    expect(browser.connected).toBe(false)
    expect(profiles()).toEqual([])
  })

  it('looks like an ordinary Chrome on the wire and to the page', async () => {
    const browser = await launchBrowser({ found: real })
    const page = await browser.newPage()
    await page.goto(base)
    const own = requests.at(-1)!.headers['sec-ch-ua'] as string
    await (
      await ordinaryUserAgent(browser)
    )(await page.createCDPSession())
    await page.goto(base)
    const { headers } = requests.at(-1)!
    const seen = await page.evaluate(`({
      userAgent: navigator.userAgent,
      languages: navigator.languages,
      webdriver: navigator.webdriver,
      brands: JSON.stringify(navigator.userAgentData),
    })`)
    await browser.close()

    expect(headers['user-agent']).toMatch(/\) Chrome\/\d+\.0\.0\.0 Safari\/537\.36$/)
    // What this browser says of itself, but for its name; the order and the third name are
    // Chromium's own.
    expect(headers['sec-ch-ua']).toContain('"Google Chrome"')
    if (own.includes('HeadlessChrome'))
      expect(headers['sec-ch-ua']).toBe(own.replace('HeadlessChrome', 'Google Chrome'))
    expect(headers['accept-language']).toBe('en-US,en;q=0.9')
    expect(seen).toMatchObject({
      userAgent: headers['user-agent'],
      languages: ['en-US', 'en'],
      webdriver: false,
    })
    expect(JSON.stringify([headers, seen])).not.toMatch(/headless/i)
  })

  it('leaves nothing behind when it crashes', async () => {
    const browser = await launchBrowser({ found: real })
    const disconnected = new Promise((resolve) => browser.once('disconnected', resolve))
    process.kill(await pidOf(browser), 'SIGKILL')
    await disconnected
    await browser.close()
    expect(profiles()).toEqual([])
  })

  it('leaves nothing behind when we are killed', async () => {
    const script = join(folder, 'killed.mts')
    const source = `import { launchBrowser } from ${JSON.stringify(join(import.meta.dirname, 'launch-browser.ts'))}
      const browser = await launchBrowser({ found: ${JSON.stringify(real)} })
      const session = await browser.target().createCDPSession()
      const { processInfo } = await session.send('SystemInfo.getProcessInfo')
      process.send(processInfo.find(({ type }) => type === 'browser').id)
      setInterval(() => {}, 1000)`
    writeFileSync(script, source)
    const child = fork(script, { execArgv: ['--disable-warning=MODULE_TYPELESS_PACKAGE_JSON'] })
    const [browserPid] = (await once(child, 'message')) as [number]
    child.kill('SIGKILL')
    await vi.waitUntil(() => !lives(browserPid), { timeout: 10_000 })
    expect(profiles()).toHaveLength(1)
    await launchBrowser({ found: real }).then((browser) => browser.close())
    await vi.waitUntil(() => profiles().length === 0, { timeout: 30_000 })
  })
})

describe.runIf(process.platform === 'linux')('a browser that does not start', () => {
  const launch = (
    script: string,
    options: { root?: boolean; timeoutMs?: number; signal?: AbortSignal } = {},
  ) => {
    const executablePath = join(folder, 'chromium')
    writeFileSync(executablePath, `#!/bin/sh\n${script}\n`)
    chmodSync(executablePath, 0o755)
    const found = { ...real, executablePath, source: 'a test', env: {}, stateDir: folder }
    return launchBrowser({ found, root: false, ...options })
  }
  const failure = (started: Promise<Browser>) =>
    started.then(
      () => null,
      (error: BrowserFailed) => error,
    )
  const really = () => `exec ${JSON.stringify(real.executablePath)} "$@"`

  it('for want of its sandbox starts without, and is not asked again the same day', async () => {
    const script = `echo x >> ${folder}/starts
      case "$*" in *--no-sandbox*) ${really()};; esac
      echo "FATAL:zygote_host_impl_linux.cc(117)] No usable sandbox!" >&2; exit 1`
    for (let round = 0; round < 2; round++) {
      vi.stubEnv('LD_LIBRARY_PATH', real.env.LD_LIBRARY_PATH)
      await launch(script).then((browser) => browser.close())
    }
    expect(readdirSync(join(folder, 'browser'))).toEqual(['without-sandbox.json'])
    expect(readFileSync(join(folder, 'starts'), 'utf8')).toBe('x\nx\nx\n')
  })

  it('for want of a library names it, with the package that has it', async () => {
    const complaint = `${folder}/chromium: error while loading shared libraries: libnss3.so: cannot open shared object file`
    const error = await failure(launch(`echo "${complaint}" >&2; exit 127`))
    expect(error).toBeInstanceOf(BrowserFailed)
    expect(error!.message).toContain('libnss3.so')
    expect(error!.remedy).toContain('sudo apt install libnss3')
    expect(error!.failure.unusable).toBe(true)
  })

  it('is quoted: its last words and how it ended', async () => {
    const error = await failure(launch('echo "The display is upside down" >&2; exit 3'))
    expect(error!.message).toMatch(/code 3[^]*The display is upside down/)
    expect(profiles()).toEqual([])
  })

  it('is no program: that is said', async () => {
    const executablePath = join(folder, 'nothing-here')
    const error = await failure(launchBrowser({ found: { ...real, executablePath } }))
    expect(error!.message).toContain('ENOENT')
  })

  it('and does not answer: it is ended, and another one is not worth a try', async () => {
    const error = await failure(
      launch(`echo $$ > ${folder}/pid; exec sleep 60`, { timeoutMs: 500 }),
    )
    expect(error!.message).toContain('did not answer')
    expect(error!.failure.unusable).toBe(false)
    expect(lives(Number(readFileSync(join(folder, 'pid'), 'utf8')))).toBe(false)
    expect(profiles()).toEqual([])
  })

  it('has put its temporary files where they go away with it', async () => {
    const error = await failure(launch('echo "$TMPDIR" >&2; touch "$TMPDIR/left-behind"; exit 1'))
    expect(error!.failure.log).toEqual([expect.stringMatching(/roundtrip-browser-[^/]+$/)])
    expect(profiles()).toEqual([])
  })

  it('is ended when the learner stops', async () => {
    const stopped = launch('exec sleep 60', { signal: AbortSignal.timeout(200) })
    await expect(stopped).rejects.toMatchObject({ name: 'TimeoutError' })
    expect(profiles()).toEqual([])
  })
})

async function textOf(page: Page): Promise<unknown> {
  return page.evaluate('document.body.innerText.trim()')
}

async function pidOf(browser: Browser): Promise<number> {
  const session = await browser.target().createCDPSession()
  const { processInfo } = await session.send('SystemInfo.getProcessInfo')
  return processInfo.find(({ type }) => type === 'browser')!.id
}

function lives(pid: number): boolean {
  // A process that has ended and is not waited for yet still has its pid.
  if (existsSync('/proc')) return existsSync(`/proc/${pid}/exe`)
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
