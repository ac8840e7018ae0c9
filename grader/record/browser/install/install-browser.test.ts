import { createServer, type RequestListener, type Server } from 'node:http'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { crc32 } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { FileError } from '../../../../course/read/file-error.ts'
import { installCommand } from './install-browser.ts'
import { BrowserNotFound } from '../browser-errors.ts'
import { identityOf, type Machine } from './browser-places.ts'
import { findBrowser } from './find-browser.ts'

/** Answers nobody: port 9 of this machine is closed. */
const NOWHERE = 'http://127.0.0.1:9/'

let root: string
let machine: Machine
let host: Server
let asked: string[]
let answer: RequestListener

beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'bare-machine-'))
  machine = {
    platform: 'linux',
    arch: 'x64',
    root,
    home: join(root, 'home'),
    env: { PATH: join(root, 'bin') },
  }
  asked = []
  host = createServer((request, response) => {
    asked.push(request.url!)
    answer(request, response)
  })
  await new Promise<void>((resolve) => host.listen(0, '127.0.0.1', resolve))
  vi.stubEnv(
    'PUPPETEER_CHROME_HEADLESS_SHELL_DOWNLOAD_BASE_URL',
    `http://127.0.0.1:${(host.address() as AddressInfo).port}`,
  )
  vi.stubEnv('npm_config_registry', NOWHERE)
  vi.stubEnv('npm_config_cache', join(root, 'npm-cache'))
})
afterEach(() => {
  vi.unstubAllEnvs()
  host.closeAllConnections()
  host.close()
  rmSync(root, { recursive: true, force: true })
})

const archive = zipOf(
  'chrome-headless-shell-linux64/chrome-headless-shell',
  Buffer.from('#!/bin/sh\necho a browser\n'),
)
const install = (signal?: AbortSignal, told: string[] = []) =>
  findBrowser({
    stateDir: join(root, 'state'),
    machine,
    onProgress: ({ text }) => told.push(text),
    ...(signal && { signal }),
  })

describe.runIf(process.platform === 'linux' && process.arch === 'x64')(
  'a machine without a browser',
  () => {
    it('gets Puppeteer’s headless shell, told with its progress, whole or not at all', async () => {
      answer = (_request, response) => response.end(archive)
      const told: string[] = []
      const found = await install(undefined, told)
      expect(found).toMatchObject({ kind: 'shell', source: "Puppeteer's cache" })
      expect(found.executablePath).toMatch(
        /\/linux-[\d.]+\/chrome-headless-shell-linux64\/chrome-headless-shell$/,
      )
      expect(readFileSync(found.executablePath, 'utf8')).toContain('a browser')
      expect(told).toContain('Unpacking the browser')
      expect(readdirSync(join(root, 'home/.cache/puppeteer'))).toEqual(['chrome-headless-shell'])
      expect(readdirSync(join(root, 'state/browser'))).toEqual([])
    })

    it('downloads it once for two who ask at the same time', async () => {
      answer = (_request, response) => void setTimeout(() => response.end(archive), 200)
      const [one, other] = await Promise.all([install(), install()])
      expect(other.executablePath).toBe(one.executablePath)
      expect(asked).toHaveLength(1)
    })

    it('reads what was tried and what fixes it, when nothing can be had', async () => {
      answer = (_request, response) => response.writeHead(404).end()
      const error = await install().catch((thrown: unknown) => thrown as BrowserNotFound)
      expect(error).toBeInstanceOf(BrowserNotFound)
      const { message, remedy } = error as BrowserNotFound
      expect(message).toContain(join(root, 'home/.cache/puppeteer'))
      expect(message).toContain('google-chrome')
      expect(message).toMatch(/Download of chrome-headless-shell: .*404/)
      expect(message).toMatch(/Package registry: npm: .*127\.0\.0\.1:9/)
      expect(remedy).toContain('npx puppeteer browsers install chrome-headless-shell')
      expect(remedy).toContain('PUPPETEER_EXECUTABLE_PATH')
      expect(readdirSync(join(root, 'state/browser'))).toEqual([])
    })

    it('keeps nothing of a download that is no archive', async () => {
      answer = (_request, response) => response.end(Buffer.alloc(5000, 7))
      await expect(install()).rejects.toThrow('what came is not a whole archive')
      expect(readdirSync(join(root, 'home/.cache/puppeteer'))).toEqual([])
    })

    it('stops at once when it is told to, and leaves nothing', async () => {
      answer = (_request, response) =>
        void response.writeHead(200, { 'Content-Length': 1_000_000 }).write(Buffer.alloc(1000))
      const stop = new AbortController()
      const stopped = install(stop.signal)
      await vi.waitUntil(() => asked.length > 0, { timeout: 10_000 })
      stop.abort(new Error('Stopped.'))
      await expect(stopped).rejects.toThrow('Stopped.')
      expect(readdirSync(join(root, 'home/.cache/puppeteer'))).toEqual([])
      expect(existsSync(join(root, 'state/browser/installing'))).toBe(false)
    })
  },
)

describe.runIf(process.platform === 'linux' && process.arch === 'x64')(
  'what an interrupted installation left behind',
  () => {
    it('is swept when it is old, and left alone while it may still be written', async () => {
      answer = (_request, response) => response.end(archive)
      const cache = join(root, 'home/.cache/puppeteer')
      for (const name of ['.incoming-old', '.incoming-new'])
        mkdirSync(join(cache, name), { recursive: true })
      const yesterday = new Date(Date.now() - 86_400_000)
      utimesSync(join(cache, '.incoming-old'), yesterday, yesterday)
      await install()
      expect(readdirSync(cache).toSorted()).toEqual(['.incoming-new', 'chrome-headless-shell'])
    })
  },
)

describe.runIf(process.platform === 'linux' && process.arch === 'x64')(
  'a browser that was installed and does not start',
  () => {
    const again = (executablePath: string, maybeDamaged = true) =>
      findBrowser({
        stateDir: join(root, 'state'),
        machine,
        onProgress: () => {},
        except: new Map([[executablePath, { maybeDamaged, identity: identityOf(executablePath) }]]),
      })
    beforeEach(() => void (answer = (_request, response) => response.end(archive)))

    it.each([
      ['cut off', (file: string) => truncateSync(file, 5)],
      [
        'without a word changed in length',
        (file: string) => writeFileSync(file, '#!/bin/sh\necho a BROWSER\n'),
      ],
      ['empty', (file: string) => truncateSync(file, 0)],
    ])('is installed again when it is damaged: %s', async (_, damage) => {
      const { executablePath } = await install()
      damage(executablePath)
      expect((await again(executablePath)).executablePath).toBe(executablePath)
      expect(readFileSync(executablePath, 'utf8')).toContain('a browser')
      expect(asked).toHaveLength(2)
      expect(readdirSync(join(root, 'home/.cache/puppeteer'))).toEqual(['chrome-headless-shell'])
    })

    it('is not installed again when it is as it came', async () => {
      const { executablePath } = await install()
      for (let run = 0; run < 2; run++) {
        const error = await again(executablePath).catch((thrown: unknown) => thrown)
        expect((error as BrowserNotFound).message).toMatch(
          /Download of chrome-headless-shell: it was installed before, and does not start here\./,
        )
      }
      expect(asked).toHaveLength(1)
    })

    it('is installed once where another program installed it and it may be damaged', async () => {
      const { executablePath } = await install()
      const build = dirname(dirname(executablePath))
      rmSync(join(build, 'roundtrip-digest'))
      await expect(again(executablePath, false)).rejects.toThrow('does not start here')
      expect(asked).toHaveLength(1)
      await again(executablePath)
      expect(asked).toHaveLength(2)
      await expect(again(executablePath)).rejects.toThrow('does not start here')
      expect(asked).toHaveLength(2)
    })

    it('is taken when another process has replaced it meanwhile', async () => {
      const { executablePath } = await install()
      const except = new Map([[executablePath, { maybeDamaged: true, identity: 'before' }]])
      const found = await findBrowser({
        stateDir: join(root, 'state'),
        machine,
        onProgress: () => {},
        except,
      })
      expect(found.executablePath).toBe(executablePath)
      expect(asked).toHaveLength(1)
    })
  },
)

it('a state folder that cannot be written is named, with the remedy', async () => {
  writeFileSync(join(root, 'state'), 'a file')
  const error = await install().catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(FileError)
  expect((error as FileError).message).toContain(join(root, 'state/browser'))
})

describe('the command that installs a browser', () => {
  it.each([
    ['debian', 'ID=debian\n', 'sudo apt install chromium-headless-shell'],
    ['ubuntu', 'NAME="Ubuntu"\nID=ubuntu\nID_LIKE=debian\n', 'sudo snap install chromium'],
    ['mint', 'ID=linuxmint\nID_LIKE="ubuntu debian"\n', 'sudo snap install chromium'],
    ['fedora', 'ID=fedora\n', 'sudo dnf install chromium-headless'],
    ['suse', 'ID="opensuse-leap"\nID_LIKE="suse opensuse"\n', 'sudo zypper install chromium'],
    ['unknown', '', "install Chromium with your system's package manager"],
  ])('on %s', (_, release, command) => {
    expect(installCommand(machine, release)).toBe(command)
  })

  it('on a Mac', () => {
    expect(installCommand({ ...machine, platform: 'darwin' })).toMatch(/^brew /)
  })
})

/** A zip archive with one executable file, stored as it is. */
function zipOf(name: string, content: Buffer): Buffer {
  const fields = Buffer.alloc(26)
  fields.writeUInt16LE(20, 0)
  fields.writeUInt32LE(crc32(content), 10)
  fields.writeUInt32LE(content.length, 14)
  fields.writeUInt32LE(content.length, 18)
  fields.writeUInt16LE(name.length, 22)
  const local = Buffer.concat([Buffer.from('PK\x03\x04'), fields, Buffer.from(name)])
  const madeByUnix = Buffer.from([20, 3])
  const attributes = Buffer.alloc(14)
  attributes.writeUInt32LE((0o100755 << 16) >>> 0, 6)
  const central = Buffer.concat([
    Buffer.from('PK\x01\x02'),
    madeByUnix,
    fields,
    attributes,
    Buffer.from(name),
  ])
  const end = Buffer.alloc(18)
  end.writeUInt16LE(1, 4)
  end.writeUInt16LE(1, 6)
  end.writeUInt32LE(central.length, 8)
  end.writeUInt32LE(local.length + content.length, 12)
  return Buffer.concat([local, content, central, Buffer.from('PK\x05\x06'), end])
}
