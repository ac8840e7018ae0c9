import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { BrowserNotFound } from '../browser-errors.ts'
import { puppeteerCache, type Machine } from './browser-places.ts'
import { findBrowser, presentBrowser } from './find-browser.ts'

const UNUSABLE = { maybeDamaged: false, identity: '' }

let root: string
let machine: Machine
let stateDir: string

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'machine-'))
  stateDir = join(root, 'course/.roundtrip')
  const PATH = `${join(root, 'usr/bin')}:${join(root, 'bin')}`
  machine = { platform: 'linux', arch: 'x64', root, home: join(root, 'home/ada'), env: { PATH } }
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

const CACHE = 'home/ada/.cache/puppeteer'
const CACHED_SHELL = `${CACHE}/chrome-headless-shell/linux-156.0.8078.47/chrome-headless-shell-linux64/chrome-headless-shell`
const CACHED_CHROME = `${CACHE}/chrome/linux-156.0.8078.47/chrome-linux64/chrome`
const UNPACKED = 'course/.roundtrip/browser/chromium-153.0.0/chrome-headless-shell'

function put(path: string, mode = 0o755): string {
  const file = join(root, path)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, '#!/bin/sh\n')
  chmodSync(file, mode)
  return file
}

/** The path of what is found, as it lies below the machine's root. */
function found(options: Partial<Machine> & { except?: string[] } = {}): string | null {
  const { except = [], ...differences } = options
  const passedOver = new Map(except.map((path) => [join(root, path), UNUSABLE]))
  const browser = presentBrowser(
    { stateDir, onProgress: unwanted, except: passedOver },
    { ...machine, ...differences },
  )
  return browser && relative(root, browser.executablePath)
}

function unwanted(): never {
  throw new Error('Nothing had to be installed.')
}

describe('which browser is taken', () => {
  it('takes them in order: Puppeteer’s shell, its Chrome, the one installed, one on PATH, one at a usual place', () => {
    const onPath = ['usr/bin/chromium-headless-shell', 'bin/chromium', 'bin/google-chrome']
    const order = [
      CACHED_SHELL,
      CACHED_CHROME,
      UNPACKED,
      ...onPath,
      'opt/google/chrome/chrome',
      'snap/bin/chromium',
    ]
    for (const path of order) put(path)
    const taken: string[] = []
    for (let next = found(); next !== null; next = found({ except: taken })) taken.push(next)
    expect(taken).toEqual(order)
  })

  it('finds nothing on a machine that has none', () => {
    expect(found()).toBeNull()
  })

  it('passes over what cannot be executed: a folder, a file without the permission', () => {
    mkdirSync(join(root, 'usr/bin/chromium'), { recursive: true })
    put('bin/google-chrome', 0o644)
    put('opt/google/chrome/chrome')
    expect(found()).toBe('opt/google/chrome/chrome')
  })

  it('takes the newest build of the cache, by number and not by letter', () => {
    for (const build of ['99.0.1.2', '156.0.8078.47', '156.0.8078.9'])
      put(CACHED_SHELL.replace('156.0.8078.47', build))
    expect(found()).toBe(CACHED_SHELL)
  })

  it('passes over an installation that was interrupted, and one for another platform', () => {
    mkdirSync(dirname(join(root, CACHED_SHELL)), { recursive: true })
    put(CACHED_CHROME.replace('linux-', 'win64-'))
    put(CACHED_CHROME.replace('linux-', 'linux_arm-'))
    expect(found()).toBeNull()
    expect(found({ arch: 'arm64' })).toBe(CACHED_CHROME.replace('linux-', 'linux_arm-'))
  })

  it('looks where PUPPETEER_CACHE_DIR says', () => {
    const elsewhere = { PUPPETEER_CACHE_DIR: join(root, 'elsewhere') }
    put(CACHED_SHELL)
    put(CACHED_CHROME.replace(CACHE, 'elsewhere'))
    expect(puppeteerCache({ ...machine, env: elsewhere })).toBe(join(root, 'elsewhere'))
    expect(found({ env: elsewhere })).toBe(CACHED_CHROME.replace(CACHE, 'elsewhere'))
  })

  it('takes the registry’s browser on Linux x64 only', () => {
    put(UNPACKED)
    expect(found()).toBe(UNPACKED)
    expect(found({ arch: 'arm64' })).toBeNull()
    expect(found({ platform: 'darwin' })).toBeNull()
  })

  it('knows the usual places of a Mac', () => {
    const app = 'Google Chrome for Testing'
    const cached = `${CACHE}/chrome/mac_arm-156.0.8078.47/chrome-mac-arm64/${app}.app/Contents/MacOS/${app}`
    put(cached)
    put('Applications/Google Chrome.app/Contents/MacOS/Google Chrome')
    put('home/ada/Applications/Chromium.app/Contents/MacOS/Chromium')
    const mac = { platform: 'darwin', arch: 'arm64' } as const
    expect(found(mac)).toBe(cached)
    expect(found({ ...mac, except: [cached] })).toBe(
      'home/ada/Applications/Chromium.app/Contents/MacOS/Chromium',
    )
  })

  it('tells a shell from a full browser, and says where it comes from', () => {
    put(CACHED_CHROME)
    put(UNPACKED)
    const all = { stateDir, onProgress: unwanted }
    expect(presentBrowser(all, machine)).toMatchObject({
      kind: 'chromium',
      source: "Puppeteer's cache",
    })
    const except = new Map([[join(root, CACHED_CHROME), UNUSABLE]])
    expect(presentBrowser({ ...all, except }, machine)).toMatchObject({
      kind: 'shell',
      source: 'the package registry',
    })
  })
})

describe('PUPPETEER_EXECUTABLE_PATH', () => {
  const withSetting = (path: string) => {
    const set = { ...machine, env: { PUPPETEER_EXECUTABLE_PATH: path } }
    return findBrowser({ stateDir, onProgress: unwanted, machine: set })
  }

  it('comes before everything else', async () => {
    put(CACHED_SHELL)
    const mine = put('opt/my chrome/chrome')
    expect(await withSetting(mine)).toMatchObject({
      executablePath: mine,
      kind: 'chromium',
      source: 'PUPPETEER_EXECUTABLE_PATH',
    })
  })

  it('that names nothing is an error, not a reason to take another one', async () => {
    put(CACHED_SHELL)
    const error = await withSetting(join(root, 'no-such-chrome')).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(BrowserNotFound)
    expect((error as BrowserNotFound).message).toContain(join(root, 'no-such-chrome'))
    expect((error as BrowserNotFound).remedy).toMatch(/unset/)
  })
})
