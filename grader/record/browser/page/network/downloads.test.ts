import { createHash } from 'node:crypto'
import type { RequestListener } from 'node:http'
import { readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { record } from '../../../../../testing/record-by-hand.ts'
import { closeBrowser, warmBrowser } from '../../browser.ts'
import { ownFolderPrefix } from '../../own-folders.ts'

beforeAll(() => warmBrowser())
afterAll(closeBrowser)

const MORE = Buffer.alloc(1024 * 1024 + 10, 'x')
const server: RequestListener = (request, response) => {
  const { url = '' } = request
  if (url.startsWith('/as/'))
    response.setHeader('Content-Disposition', decodeURIComponent(url.slice(4)))
  if (url === '/page') {
    response.setHeader('Content-Type', 'text/html')
    return void response.end(`<!doctype html><link rel="icon" href="data:,"><a href="/as/${encodeURIComponent("attachment; filename*=UTF-8''r%C3%A9sum%C3%A9.csv")}">1</a>
      <a id="blob" download="made.txt">2</a><script>blob.href = URL.createObjectURL(new Blob(['made']))</script>`)
  }
  response.setHeader('Content-Type', 'application/octet-stream')
  if (url.includes('large')) return void response.end(MORE)
  if (url.includes('broken')) {
    response.writeHead(200, { 'Content-Length': '10000' })
    response.write(Buffer.alloc(5000))
    return void setTimeout(() => request.socket.destroy(), 50)
  }
  if (url.includes('never')) return void response.writeHead(200).write(Buffer.alloc(5000))
  response.end('a,b\n1,2\n')
}

test('files have the name and the bytes that Chromium saves', async () => {
  const { facts, remarks } = await record(server, async ({ newPage }) => {
    const tab = await newPage('Ann', { acceptDownloads: true })
    await tab.open('/page')
    const led = await tab.leads(() => tab.click('a'))
    await tab.click('#blob')
    // What a page makes itself is saved some time after the click, and nothing asks for it before.
    await expect.poll(async () => (await tab.downloads()).length).toBe(2)
    return { led, downloads: await tab.downloads() }
  })
  const read = facts.downloads.map(({ suggestedFilename, bytes, state }) => [
    suggestedFilename,
    Buffer.from(bytes).toString(),
    state,
  ])
  expect(read).toEqual([
    ['résumé.csv', 'a,b\n1,2\n', 'completed'],
    ['made.txt', 'made', 'completed'],
  ])
  expect([facts.led.to, remarks]).toEqual(['download', []])
})

test('of a large file the first megabyte is kept, and a broken one was canceled', async () => {
  const { facts } = await record(server, async ({ newPage }) => {
    const tab = await newPage('Ann', { acceptDownloads: true })
    await tab.open('/as/attachment;filename=large.bin')
    await tab.open('/as/attachment;filename=broken.bin')
    return tab.downloads()
  })
  const [large, broken] = facts
  expect(large).toMatchObject({ suggestedFilename: 'large.bin', state: 'completed' })
  expect([large!.bytes.length, large!.rest]).toEqual([
    1024 * 1024,
    {
      bytes: 10,
      sha256: createHash('sha256')
        .update(MORE.subarray(1024 * 1024))
        .digest('hex'),
    },
  ])
  expect(broken).toMatchObject({ state: 'canceled', bytes: new Uint8Array() })
})

test('one that does not end in time is unfinished, and nothing is left of it', async () => {
  const { facts } = await record(server, async ({ newPage }) => {
    const tab = await newPage('Ann', { acceptDownloads: true })
    await tab.open('/as/attachment;filename=never.bin')
    return tab.downloads()
  })
  expect(facts).toMatchObject([{ suggestedFilename: 'never.bin', state: 'unfinished' }])
  expect(
    readdirSync(tmpdir()).filter((name) => name.startsWith(ownFolderPrefix('downloads'))),
  ).toEqual([])
})
