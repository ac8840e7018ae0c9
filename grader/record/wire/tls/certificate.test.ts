import { execFileSync, spawnSync } from 'node:child_process'
import { X509Certificate } from 'node:crypto'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect, createServer } from 'node:tls'
import { afterAll, expect, test } from 'vitest'
import { authoritySpki } from './authority.ts'
import { createCertificate, discardFiles, type Certificate } from './certificate.ts'
import { certificateFolder } from './certificate-folder.ts'
import { nodeArguments } from '../../program/start/node-command.ts'

const folder = mkdtempSync(join(tmpdir(), 'certificates-'))
// A test's process is killed when it is done.
afterAll(() =>
  [folder, certificateFolder].forEach((each) => rmSync(each, { recursive: true, force: true })),
)

const texts = (pem: string) =>
  pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----\n/g) ?? []
const parsed = (pem: string) => texts(pem).map((text) => new X509Certificate(text))

test('names servers by DNS names, wildcards and addresses of both families', () => {
  const [leaf] = parsed(
    createCertificate([
      'shop.test',
      '*.shop.test',
      '127.0.0.1',
      '::1',
      '2001:db8::5:0:1',
      '::ffff:10.1.2.3',
    ]).cert,
  )
  expect(leaf!.subjectAltName).toBe(
    'DNS:shop.test, DNS:*.shop.test, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1, IP Address:2001:DB8:0:0:0:5:0:1, IP Address:0:0:0:0:0:FFFF:A01:203',
  )
  expect([
    leaf!.checkHost('www.shop.test'),
    leaf!.checkHost('a.b.shop.test'),
    leaf!.checkIP('::1'),
    leaf!.checkIP('127.0.0.2'),
  ]).toEqual(['*.shop.test', undefined, '::1', undefined])
})

test.each([
  ['https://shop.test'],
  ['shop.test:8443'],
  ['shop..test'],
  ['*.*.test'],
  ['bücher.test'],
  [''],
])('takes %j for no name', (name) => {
  expect(() => createCertificate(name)).toThrow(`"${name}" is neither a DNS name nor an IP address`)
})

test('wants a name', () => {
  expect(() => createCertificate([])).toThrow('a certificate wants a name')
})

test('is followed by its authority, whose key browsers are told', () => {
  const { cert, ca, key } = createCertificate('shop.test')
  const [leaf, authority] = parsed(cert)
  expect([leaf!.ca, authority!.ca, texts(cert)[1]]).toEqual([false, true, ca])
  expect([
    leaf!.checkIssued(authority!),
    leaf!.verify(authority!.publicKey),
    authority!.verify(authority!.publicKey),
  ]).toEqual([true, true, true])
  expect(
    spawnSync(
      process.execPath,
      [
        '-p',
        `crypto.createHash('sha256').update(new crypto.X509Certificate(${JSON.stringify(ca)}).publicKey.export({ type: 'spki', format: 'der' })).digest('base64')`,
      ],
      { encoding: 'utf8' },
    ).stdout.trim(),
  ).toBe(authoritySpki())
  expect(key).toMatch(/^-----BEGIN PRIVATE KEY-----\n/)
  expect(parsed(createCertificate('other.test').ca)[0]!.fingerprint256).toBe(
    authority!.fingerprint256,
  )
})

test('is valid from yesterday for a week; an expired one was, until yesterday', () => {
  const days = (options: object) =>
    parsed(createCertificate('shop.test', options).cert).map(({ validFromDate, validToDate }) =>
      [validFromDate, validToDate].map((date) =>
        Math.round((date.getTime() - Date.now()) / 86_400_000),
      ),
    )
  expect(days({})).toEqual([
    [-1, 6],
    [-30, 365],
  ])
  expect(days({ expired: true })).toEqual([
    [-8, -1],
    [-30, 365],
  ])
})

test.each<
  [string, Parameters<typeof createCertificate>[1], asked: string, code: string | undefined]
>([
  ['good', {}, 'shop.test', undefined],
  ['good by its address', {}, '127.0.0.1', undefined],
  ['of another name', {}, 'bank.test', 'ERR_TLS_CERT_ALTNAME_INVALID'],
  ['expired', { expired: true }, 'shop.test', 'CERT_HAS_EXPIRED'],
  ['by another', { signedBy: 'another' }, 'shop.test', 'SELF_SIGNED_CERT_IN_CHAIN'],
  ['by itself', { signedBy: 'itself' }, 'shop.test', 'DEPTH_ZERO_SELF_SIGNED_CERT'],
])('one that is %s is judged so by a client that trusts us', async (_, options, asked, code) => {
  const { ca } = createCertificate('shop.test')
  expect(await handshake(createCertificate(['shop.test', '127.0.0.1'], options), asked, ca)).toBe(
    code,
  )
})

test.each([['another'], ['itself']] as const)(
  'one by %s is good to whom trusts just that',
  async (signedBy) => {
    const certificate = createCertificate('shop.test', { signedBy })
    expect(await handshake(certificate, 'shop.test', certificate.ca)).toBeUndefined()
  },
)

test.skipIf(spawnSync('openssl', ['version']).error)(
  'stands before the strictest reading of OpenSSL',
  () => {
    const { certFile, caFile } = createCertificate(['shop.test', '::1'])
    expect(
      execFileSync(
        'openssl',
        [
          'verify',
          '-x509_strict',
          '-purpose',
          'sslserver',
          '-verify_hostname',
          'shop.test',
          '-CAfile',
          caFile,
          certFile,
        ],
        { encoding: 'utf8' },
      ),
    ).toBe(`${certFile}: OK\n`)
  },
)

test('writes its files when they are asked for, for this user alone', () => {
  const before = existsSync(certificateFolder) ? readdirSync(certificateFolder) : []
  const certificate = createCertificate('shop.test')
  expect(existsSync(certificateFolder) ? readdirSync(certificateFolder) : []).toEqual(before)
  const { certFile, keyFile, caFile, cert, key, ca } = certificate
  expect([certFile, keyFile, caFile].map((file) => readFileSync(file, 'utf8'))).toEqual([
    cert,
    key,
    ca,
  ])
  expect(certificate.keyFile).toBe(keyFile)
  expect([certificateFolder, keyFile].map((path) => statSync(path).mode & 0o777)).toEqual([
    0o700, 0o600,
  ])
  discardFiles(certificate)
  expect(readdirSync(certificateFolder)).toEqual(before)
})

test('is readable to a program that was started before there was one, which sees nothing beside it', () => {
  const sibling = `${certificateFolder}-sibling`
  const script = `const fs = require('node:fs'); fs.mkdirSync(${JSON.stringify(certificateFolder)})`
  const args = nodeArguments(folder)
  const { keyFile, key } = createCertificate('shop.test')
  const read = (file: string) =>
    spawnSync(
      process.execPath,
      [
        ...args,
        '-e',
        `try { console.log(require('node:fs').readFileSync(${JSON.stringify(file)}, 'utf8')) } catch ({ code }) { console.log(code) }`,
      ],
      { encoding: 'utf8', cwd: folder },
    ).stdout.trim()
  expect([read(keyFile), read(join(sibling, 'key.pem')), read('/etc/hostname')]).toEqual([
    key.trim(),
    'ERR_ACCESS_DENIED',
    'ERR_ACCESS_DENIED',
  ])
  expect(
    spawnSync(process.execPath, [...args, '-e', script], { encoding: 'utf8', cwd: folder }).stderr,
  ).toContain('ERR_ACCESS_DENIED')
})

test.each([
  ['ends', ''],
  [
    'is interrupted',
    "process.on('SIGINT', () => process.exit(130)); process.kill(process.pid, 'SIGINT'); setTimeout(() => {}, 5000)",
  ],
])('goes with the process that made it when that %s', (_, ending) => {
  const script = `import { createCertificate } from ${JSON.stringify(join(import.meta.dirname, 'certificate.ts'))}\nconsole.log(createCertificate('shop.test').keyFile)\n${ending}`
  const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    encoding: 'utf8',
  })
  expect(stdout).toMatch(/key\.pem\n$/)
  expect(existsSync(join(stdout.trim(), '..'))).toBe(false)
})

test('which was killed leaves it to the next', async () => {
  const script = (ending: string) =>
    `import { createCertificate } from ${JSON.stringify(join(import.meta.dirname, 'certificate.ts'))}\nconsole.log(createCertificate('shop.test').keyFile)\n${ending}`
  const run = (ending: string) =>
    spawnSync(process.execPath, ['--input-type=module', '-e', script(ending)], {
      encoding: 'utf8',
      env: { ...process.env, TMPDIR: folder, TEMP: folder },
    }).stdout.trim()
  const left = run("process.kill(process.pid, 'SIGKILL')")
  expect(existsSync(left)).toBe(true)
  run('await new Promise((resolve) => setTimeout(resolve, 200))')
  expect(readdirSync(folder)).toEqual([])
})

/** The code of what was wrong with a server's certificate to a client that asked for `name`. */
async function handshake(
  { cert, key }: Certificate,
  name: string,
  ca: string,
): Promise<string | undefined> {
  const server = createServer({ cert, key }, (socket) => socket.end()).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const servername = name === '127.0.0.1' ? {} : { servername: name }
  const socket = connect({
    host: '127.0.0.1',
    port: (server.address() as AddressInfo).port,
    ca,
    ...servername,
  })
  const outcome = await new Promise<NodeJS.ErrnoException | undefined>((resolve) =>
    socket.once('secureConnect', () => resolve(undefined)).once('error', resolve),
  )
  socket.destroy()
  server.close()
  return outcome?.code
}
