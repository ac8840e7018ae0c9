import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { rmSync } from 'node:fs'
import { newAuthority, ownAuthority, type Authority } from './authority.ts'
import { keepInCertificateFolder } from './certificate-folder.ts'
import { encodeCertificate } from './x509.ts'

/** A certificate with its key, as PEM texts and as files with the same content. */
export interface Certificate {
  /** The certificate, followed by its authority's. */
  readonly cert: string
  readonly key: string
  /** The authority's certificate: what a client has to trust. */
  readonly ca: string
  readonly certFile: string
  readonly keyFile: string
  readonly caFile: string
}

export interface CertificateOptions {
  /**
   * `ours` (when left out): the authority that browsers here trust. `another`: one that nobody was
   * told of. `itself`: nobody but its own key.
   */
  readonly signedBy?: 'ours' | 'another' | 'itself'
  /** It was valid for a week, until yesterday. */
  readonly expired?: boolean
}

const DAY_MS = 24 * 60 * 60 * 1000

let other: Authority | undefined
const authorityTexts = new WeakMap<Authority, string>()

/**
 * Makes a certificate for servers of these names: DNS names, of which `*.shop.test` is one, and IP
 * addresses. It is valid from yesterday on, for a week. Its files are written when they are first
 * asked for.
 * @throws Error for a name that is neither.
 */
export function createCertificate(
  names: string | readonly string[],
  { signedBy = 'ours', expired = false }: CertificateOptions = {},
): Certificate {
  const all = typeof names === 'string' ? [names] : names
  const [subject] = all
  if (subject === undefined) throw new Error('a certificate wants a name')
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const authority =
    signedBy === 'ours'
      ? ownAuthority()
      : signedBy === 'another'
        ? (other ??= newAuthority('Another authority'))
        : null
  const from = Date.now() - (expired ? 8 : 1) * DAY_MS
  const leaf = pem(
    encodeCertificate({
      subject,
      publicKey,
      issuer: authority ?? { name: subject, privateKey },
      from: new Date(from),
      until: new Date(from + 7 * DAY_MS),
      names: all,
    }),
  )
  const ca = authority ? certificateOf(authority) : leaf
  return withFiles({
    cert: authority ? leaf + ca : leaf,
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }),
    ca,
  })
}

/** Removes the files that were written of it. */
export function discardFiles(certificate: Certificate): void {
  for (const file of written.get(certificate)?.values() ?? []) rmSync(file, { force: true })
}

const written = new WeakMap<object, Map<string, string>>()

function withFiles(texts: Pick<Certificate, 'cert' | 'key' | 'ca'>): Certificate {
  const id = randomBytes(6).toString('hex')
  const files = new Map<string, string>()
  const file = (name: keyof typeof texts) => {
    const known = files.get(name) ?? keepInCertificateFolder(`${id}-${name}.pem`, texts[name])
    files.set(name, known)
    return known
  }
  const certificate: Certificate = {
    ...texts,
    get certFile() {
      return file('cert')
    },
    get keyFile() {
      return file('key')
    },
    get caFile() {
      return file('ca')
    },
  }
  written.set(certificate, files)
  return certificate
}

function certificateOf(authority: Authority): string {
  const known = authorityTexts.get(authority)
  if (known !== undefined) return known
  const now = Date.now()
  // Older than any certificate it has signed.
  const text = pem(
    encodeCertificate({
      subject: authority.name,
      publicKey: authority.publicKey,
      issuer: authority,
      from: new Date(now - 30 * DAY_MS),
      until: new Date(now + 365 * DAY_MS),
    }),
  )
  authorityTexts.set(authority, text)
  return text
}

function pem(der: Buffer): string {
  return `-----BEGIN CERTIFICATE-----\n${der.toString('base64').replace(/.{64}(?=.)/g, '$&\n')}\n-----END CERTIFICATE-----\n`
}
