import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { Browser, HTTPResponse } from 'puppeteer'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { resolvePaths } from '../../../../course/paths.ts'
import { createCertificate, type CertificateOptions } from './certificate.ts'
import { findBrowser } from '../../browser/install/find-browser.ts'
import { launchBrowser } from '../../browser/launch-browser.ts'

// A browser is installed here as it is for a learner, if this machine has none.
const FIRST_TIME_MS = 300_000

let browser: Browser
const servers: Server[] = []
beforeAll(async () => {
  browser = await launchBrowser({
    found: await findBrowser({ stateDir: resolvePaths().state, onProgress: () => {} }),
  })
}, FIRST_TIME_MS)
afterAll(() => browser?.close())
afterEach(() => servers.splice(0).forEach((server) => server.close().closeAllConnections()))

async function visit(
  options: CertificateOptions,
  name = '127.0.0.1',
): Promise<HTTPResponse | null> {
  const { cert, key } = createCertificate(name, options)
  const server = createServer(
    { cert, key },
    (_, response) =>
      void response.setHeader('Content-Type', 'text/html').end('<link rel=icon href=data:,>hello'),
  ).listen(0, '127.0.0.1')
  servers.push(server)
  await new Promise((resolve) => server.once('listening', resolve))
  const page = await browser.newPage()
  return page
    .goto(`https://127.0.0.1:${(server.address() as AddressInfo).port}/`)
    .finally(() => page.close())
}

it('makes a page secure', async () => {
  const response = await visit({})
  expect([
    response?.status(),
    response?.securityDetails()?.issuer(),
    response?.securityDetails()?.protocol(),
  ]).toEqual([200, 'Roundtrip', 'TLS 1.3'])
})

it.each([['another'], ['itself']] as const)(
  'does not make one whose certificate is signed by %s',
  async (signedBy) => {
    await expect(visit({ signedBy })).rejects.toThrow('net::ERR_CERT_AUTHORITY_INVALID')
  },
)

// What is told at launch is a key, and Chromium then asks nothing else of a chain that has it.
// docs/authoring.md says so.
it.each<[string, CertificateOptions, string]>([
  ['expired', { expired: true }, '127.0.0.1'],
  ['of another name', {}, 'bank.test'],
])('is believed about a certificate that is %s, too', async (_, options, name) => {
  expect((await visit(options, name))?.status()).toBe(200)
})
