import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { resolvePaths } from '../../../course/paths.ts'
import { BrowserFailed } from './browser-errors.ts'
import type { Machine } from './install/browser-places.ts'
import type { FoundBrowser } from './install/browser-places.ts'
import { findBrowser } from './install/find-browser.ts'
import { openBrowser } from './open-browser.ts'

let real: FoundBrowser
let root: string
let machine: Machine

beforeAll(async () => {
  real = await findBrowser({ stateDir: resolvePaths().state, onProgress: () => {} })
}, 300_000)
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'machine-'))
  // Not x64: the package registry's browser is out of reach.
  machine = {
    platform: 'linux',
    arch: 'ppc64',
    root,
    home: join(root, 'home'),
    env: { PATH: join(root, 'bin') },
  }
  for (const [name, value] of Object.entries(real.env)) vi.stubEnv(name, value)
})
afterEach(() => {
  vi.unstubAllEnvs()
  rmSync(root, { recursive: true, force: true })
})

const CACHED =
  'home/.cache/puppeteer/chrome-headless-shell/linux-1.0.0.0/chrome-headless-shell-linux64/chrome-headless-shell'
const LACKS_LIBRARY =
  'echo "$0: error while loading shared libraries: libgbm.so.1: cannot open" >&2; exit 127'
const onProgress = () => {}

function put(path: string, script: string): string {
  const file = join(root, path)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, `#!/bin/sh\n${script}\n`)
  chmodSync(file, 0o755)
  return file
}

describe.runIf(process.platform === 'linux')('opening a browser', () => {
  it('passes over one that cannot start here', async () => {
    put(CACHED, LACKS_LIBRARY)
    const good = put(
      'bin/chromium-headless-shell',
      `exec ${JSON.stringify(real.executablePath)} "$@"`,
    )
    const { browser, found } = await openBrowser({
      stateDir: join(root, 'state'),
      onProgress,
      machine,
    })
    await browser.close()
    expect(found.executablePath).toBe(good)
  })

  it('says what the first one lacks when there is no other', async () => {
    put(CACHED, LACKS_LIBRARY)
    const error = await openBrowser({ stateDir: join(root, 'state'), onProgress, machine }).catch(
      (thrown: unknown) => thrown,
    )
    expect(error).toBeInstanceOf(BrowserFailed)
    expect((error as BrowserFailed).message).toMatch(/libgbm\.so\.1[^]*There is no other browser/)
    expect((error as BrowserFailed).remedy).toContain('sudo apt install libgbm1')
    expect((error as BrowserFailed).remedy).toMatch(
      /libgbm1[^]*npx puppeteer browsers install chrome-headless-shell\n/,
    )
  })

  it.each(['KILL', 'TERM'])(
    'starts one again that is killed (SIG%s) while it starts',
    async (name) => {
      const starts = join(root, 'starts')
      const count = `echo x >>${starts}; test $(wc -l <${starts}) -lt 3`
      const killed = put('mine', `${count} && kill -${name} $$; exec "${real.executablePath}" "$@"`)
      const asked = { ...machine, env: { ...machine.env, PUPPETEER_EXECUTABLE_PATH: killed } }
      const { browser } = await openBrowser({
        stateDir: join(root, 'state'),
        onProgress,
        machine: asked,
      })
      await browser.close()
      expect(readFileSync(starts, 'utf8')).toBe('x\nx\nx\n')
    },
  )

  it('passes over one that is killed each time, and says what may have killed it', async () => {
    const starts = join(root, 'starts')
    put(CACHED, `echo x >>${starts}; kill -KILL $$`)
    const error = await openBrowser({ stateDir: join(root, 'state'), onProgress, machine }).catch(
      (thrown: unknown) => thrown,
    )
    expect(readFileSync(starts, 'utf8')).toBe('x\nx\nx\n')
    expect((error as BrowserFailed).message).toMatch(
      /was ended by SIGKILL while it started[^]*There is no other browser/,
    )
    expect((error as BrowserFailed).remedy).toContain('close what takes much memory')
  })

  it('does not take another one for the one that was asked for', async () => {
    put('bin/chromium-headless-shell', `exec ${JSON.stringify(real.executablePath)} "$@"`)
    const asked = {
      ...machine,
      env: { ...machine.env, PUPPETEER_EXECUTABLE_PATH: put('mine', LACKS_LIBRARY) },
    }
    await expect(
      openBrowser({ stateDir: join(root, 'state'), onProgress, machine: asked }),
    ).rejects.toThrow('libgbm.so.1')
  })
})
