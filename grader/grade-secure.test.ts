import { existsSync, readdirSync, rmSync } from 'node:fs'
import { connect } from 'node:tls'
import { afterAll, describe, expect, test } from 'vitest'
import type { ExerciseKind } from '../course/types.ts'
import { createClock } from './record/timing/clock.ts'
import { createCertificate } from './record/wire/tls/certificate.ts'
import { certificateFolder } from './record/wire/tls/certificate-folder.ts'
import { closeBrowser } from './record/browser/browser.ts'
import { prepareProgram, startProgram, type Program } from './record/program/learner-program.ts'
import type { Grading } from './grade-options.ts'
import { setUpByHand } from './set-up-by-hand.ts'
import { writtenExercises } from '../testing/written-exercises.ts'

const { write, grade: gradeWritten, remove } = writtenExercises()
afterAll(closeBrowser)
afterAll(remove)
// A test's process is killed when it is done.
afterAll(() => rmSync(certificateFolder, { recursive: true, force: true }))

const written = (kind: ExerciseKind, checks: string, program: string) =>
  write({ kind, checks, program })
const grade = (kind: ExerciseKind, checks: string, program: string) =>
  gradeWritten({ kind, checks, program })

/** The checks that did not pass, each with what was seen. */
const failures = ({ report }: Grading) =>
  report.error ??
  report.checks
    .filter(({ outcome }) => outcome !== 'passed')
    .map(({ id, findings, error }) => `${id}: ${error ?? findings.at(-1)?.received}`)
const filesLeft = () => (existsSync(certificateFolder) ? readdirSync(certificateFolder) : [])

describe('a client that is to trust the right certificate', () => {
  const checks = `const visits = scenario('fetchSecure() is sent to honest servers and to others', { async record({ call, certificate, origin, random }) {
  const ask = async (title, name, names, options) => {
    const shown = await certificate(names, options)
    const token = random.token()
    const server = await origin(title, () => ({ body: 'for ' + token }), { certificate: shown })
    const answer = await call('fetchSecure', 'https://' + name + ':' + server.port + '/', { ca: (await certificate('shop.test')).ca, token })
    return { title, token, answer, server }
  }
  const honest = [await ask('the shop', 'shop.test', 'shop.test'), await ask('its branch', 'www.shop.test', '*.shop.test')]
  const refused = [
    await ask('an expired one', 'shop.test', 'shop.test', { expired: true }),
    await ask('another name', 'shop.test', 'bank.test'),
    await ask('one by itself', 'shop.test', 'shop.test', { signedBy: 'itself' }),
    await ask('one by another', 'shop.test', 'shop.test', { signedBy: 'another' }),
    await ask('two labels', 'a.b.shop.test', '*.shop.test'),
  ]
  const facts = ({ title, token, answer, server }) => server.handshakes().then((handshakes) => ({
    title, token, answer, handshakes, leaked: server.connections().some(({ bytes }) => Buffer.from(bytes).includes(token)),
  }))
  return { honest: await Promise.all(honest.map(facts)), refused: await Promise.all(refused.map(facts)) }
} })
const good = check('The honest were read', visits, { verify: ({ honest }, expect) => {
  for (const { token, answer } of honest) expect(answer).toGive('for ' + token)
} })
const sni = check('They were told the name', visits, { verify: ({ honest }, expect) => {
  expect(honest.map(({ handshakes }) => handshakes[0].servername), 'names').toBe(['shop.test', 'www.shop.test'])
} })
const CODES = ['CERT_HAS_EXPIRED', 'ERR_TLS_CERT_ALTNAME_INVALID', 'DEPTH_ZERO_SELF_SIGNED_CERT', 'SELF_SIGNED_CERT_IN_CHAIN', 'ERR_TLS_CERT_ALTNAME_INVALID']
const refuses = check('The others were refused', visits, { verify: ({ refused }, expect) => {
  refused.forEach(({ answer }, index) => expect(answer).toThrow(matching(CODES[index], (text) => text.includes(CODES[index]))))
} })
const noLeak = check('No token was sent to them', visits, { verify: ({ refused }, expect) => {
  expect(refused.filter(({ leaked }) => leaked).map(({ title }) => title).join(', '), 'who has a token').toBe('')
} })
const hungUp = check('They were left before anything was said', visits, { verify: ({ refused }, expect) => {
  expect(refused.map(({ handshakes: [{ error, protocol }] }) => error ?? protocol).join(', '), 'how they ended').toBe('hung up, hung up, hung up, hung up, hung up')
} })
export default { good, sni, refuses, noLeak, hungUp }`

  const client = (options: string, after = '') => `import { request } from 'node:https'
import { checkServerIdentity, type TLSSocket } from 'node:tls'
interface Trust { ca: string; token: string }
export async function fetchSecure(url: string, { ca, token }: Trust, more: object = {}): Promise<string> {
  const { hostname, port, host } = new URL(url)
  return new Promise((resolve, reject) => {
    request({ host: '127.0.0.1', port, agent: false, headers: { Host: host, Authorization: 'Bearer ' + token }, ${options}, ...more }, (response) => {
      let body = ''
      ${after}
      response.on('data', (chunk) => (body += chunk)).on('end', () => resolve(body))
    }).on('error', reject).end()
  })
}
void checkServerIdentity
`
  const everyone = 'an expired one, another name, one by itself, one by another, two labels'

  test.each<[what: string, program: string, failures: unknown[]]>([
    ['checks the chain and the name', client('ca, servername: hostname'), []],
    [
      'checks nothing',
      client('rejectUnauthorized: false, servername: hostname'),
      [
        expect.stringMatching(/^refuses: for [0-9a-f]{12}$/),
        `no-leak: ${everyone}`,
        'hung-up: TLSv1.3, TLSv1.3, TLSv1.3, TLSv1.3, TLSv1.3',
      ],
    ],
    [
      'does not check the name',
      client('ca, servername: hostname, checkServerIdentity: () => undefined'),
      [
        expect.stringMatching(/^refuses: for [0-9a-f]{12}$/),
        'no-leak: another name, two labels',
        'hung-up: hung up, TLSv1.3, hung up, hung up, TLSv1.3',
      ],
    ],
    [
      'does not know the authority',
      client('servername: hostname'),
      [
        expect.stringContaining('good: Error: self-signed certificate in certificate chain'),
        expect.stringContaining('refuses: '),
      ],
    ],
    [
      'does not say the name',
      client(
        "ca, servername: '', checkServerIdentity: (_: string, shown) => checkServerIdentity(hostname, shown)",
      ),
      ['sni: [null,null]'],
    ],
    [
      'looks when it has sent its token',
      client(
        'ca, rejectUnauthorized: false, servername: hostname',
        'const { authorizationError } = response.socket as TLSSocket\n      if (authorizationError) return reject(new Error(String(authorizationError)))',
      ),
      [`no-leak: ${everyone}`, 'hung-up: TLSv1.3, TLSv1.3, TLSv1.3, TLSv1.3, TLSv1.3'],
    ],
    [
      'speaks first and looks then',
      `import { connect } from 'node:tls'
export function fetchSecure(url: string, { ca, token }: { ca: string; token: string }): Promise<string> {
  const { hostname: servername, port, host } = new URL(url)
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port: Number(port), ca, servername, rejectUnauthorized: false }, () => {
      socket.write(\`GET / HTTP/1.1\\r\\nHost: \${host}\\r\\nAuthorization: Bearer \${token}\\r\\nConnection: close\\r\\n\\r\\n\`)
      if (!socket.authorized) return reject(new Error(String(socket.authorizationError)))
      let answer = ''
      socket.on('data', (bytes) => (answer += bytes)).on('end', () => resolve(answer.split('\\r\\n\\r\\n')[1]!))
    })
  })
}
`,
      [`no-leak: ${everyone}`, 'hung-up: TLSv1.3, TLSv1.3, TLSv1.3, TLSv1.3, TLSv1.3'],
    ],
    [
      'tries again without checks',
      client('ca, servername: hostname').replace(
        ".on('error', reject)",
        ".on('error', (error) => ('rejectUnauthorized' in more ? reject(error) : fetchSecure(url, { ca, token }, { rejectUnauthorized: false }).then(resolve, reject)))",
      ),
      [expect.stringMatching(/^refuses: for [0-9a-f]{12}$/), `no-leak: ${everyone}`],
    ],
  ])('and %s', async (_, program, failed) => {
    const grading = await grade('client', checks, program)
    expect(failures(grading)).toEqual(failed)
    expect(grading.report.verdict).toBe(failed.length === 0 ? 'passed' : 'failed')
  })
})

describe('a server that is given a certificate', () => {
  const checks = `import { get } from 'node:https'
const visit = scenario('a client asks over TLS', { async setUp({ certificate, random }) {
  const shown = await certificate(['shop.test', '127.0.0.1'])
  return { shown, environment: { KEY: shown.keyFile, CERT: shown.certFile, WORD: random.word() } }
}, record: ({ address }, { shown, environment }) => new Promise((resolve) => {
  get(address.replace('http:', 'https:'), { ca: shown.ca, servername: 'shop.test', agent: false }, (response) => response.on('data', (text) => resolve({ word: environment.WORD, text: String(text) })))
    .on('error', ({ code }) => resolve({ word: environment.WORD, text: code }))
}) })
const answers = check('It answers over TLS', visit, { verify: ({ word, text }, expect) => expect(text, 'the answer').toBe(word) })
export default { answers }`
  const server = (answer: string) => `import { readFileSync } from 'node:fs'
import { createServer } from 'node:https'
const read = (file: string) => readFileSync(file, 'utf8')
createServer({ key: read(process.env.KEY!), cert: read(process.env.CERT!) }, (_, response) => response.end(${answer})).listen(Number(process.env.PORT), '127.0.0.1')
`
  test('can read it, and shows it to its clients', async () => {
    expect(failures(await grade('server', checks, server('process.env.WORD')))).toEqual([])
    expect(filesLeft()).toEqual([])
  })

  test('is not shown again with files that are gone', async () => {
    const { evidence } = await grade('server', checks, server("'hello'"))
    expect(evidence[0]!.environment).toEqual({ WORD: expect.any(String) })
  })

  test('can read it when it has waited for it at the gate', async () => {
    const { dir } = written('server', checks, server("'hello'"))
    const program: Program = { kind: 'files', dir, entry: 'server.ts', label: 'server.ts' }
    prepareProgram(program, 1)
    const { keyFile, certFile, ca } = createCertificate('shop.test')
    const running = await startProgram(program, {
      clock: createClock(),
      signal: new AbortController().signal,
      environment: { KEY: keyFile, CERT: certFile },
    })
    const socket = connect({ host: '127.0.0.1', port: running.port, ca, servername: 'shop.test' })
    await new Promise((resolve, reject) =>
      socket.once('secureConnect', resolve).once('error', reject),
    )
    socket.destroy()
    await running.end()
  })

  test('and is started by hand has files for as long as it runs', async () => {
    const { environment, close } = await setUpByHand(written('server', checks, ''))
    expect([environment['KEY'], environment['CERT']].map((file) => existsSync(file!))).toEqual([
      true,
      true,
    ])
    await close()
    expect(existsSync(environment['KEY']!)).toBe(false)
  })
})

describe('a browser', () => {
  const checks = `const visit = scenario('Chromium opens servers with certificates', { async record({ certificate, newPage, origin }) {
  const page = await newPage()
  const open = async (options) => {
    const { url, handshakes } = await origin('a site', undefined, { certificate: await certificate('127.0.0.1', options) })
    const { error, document } = await page.open(url + '/')
    const secure = error === null && (await page.evaluate('isSecureContext')).value
    return { error, secure, status: document?.response?.status ?? null, ends: (await handshakes()).map(({ protocol, error }) => protocol ?? error) }
  }
  return { ours: await open({}), others: await open({ signedBy: 'another' }), itself: await open({ signedBy: 'itself' }) }
} })
const ours = check('Ours is trusted', visit, { verify: ({ ours }, expect) => expect(ours, 'ours').toBe({ error: null, secure: true, status: 200, ends: ['TLSv1.3'] }) })
const others = check('Others are not', visit, { verify: ({ others, itself }, expect) => {
  for (const { error, ends } of [others, itself]) {
    expect(error, 'the error').toBe('net::ERR_CERT_AUTHORITY_INVALID')
    expect(ends.join(), 'how it ended').toBe('certificate unknown')
  }
} })
export default { ours, others }`
  test('trusts our certificates and no others, and says so', async () => {
    expect(failures(await grade('client', checks, 'export const get = () => 1\n'))).toEqual([])
  })
})
