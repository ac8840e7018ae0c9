import { GraderError } from '../../../types/errors.ts'

/** An address that leads to a server under a name of its own. */
export interface Site {
  /** `https://shop.test` */
  readonly url: string
  readonly secure: boolean
  /** `shop.test` */
  readonly host: string
  /** What a Host field says: the host, with its port where that is not the scheme's own. */
  readonly authority: string
  /** The port that clients ask for. */
  readonly asked: number
}

/**
 * Reads a site's address. `hasCertificate`: whether its server can speak TLS.
 * @throws GraderError for what is no origin: the author's mistake.
 */
export function parseSite(url: string, hasCertificate: boolean): Site {
  const parsed = URL.canParse(url) ? new URL(url) : null
  if (!parsed || parsed.origin !== url || !/^https?:$/.test(parsed.protocol)) {
    throw new GraderError(
      `The site ${JSON.stringify(url)} is not of the form https://shop.test.`,
      'Write scheme and host, and no slash after them, in the scenario in checks.ts.',
    )
  }
  const secure = parsed.protocol === 'https:'
  if (secure && !hasCertificate) {
    throw new GraderError(
      `The site ${url} has no certificate.`,
      `Make one in the scenario's set-up in checks.ts: await certificate('${parsed.hostname}').`,
    )
  }
  return {
    url,
    secure,
    host: parsed.hostname,
    authority: parsed.host,
    asked: Number(parsed.port) || (secure ? 443 : 80),
  }
}

/** The part of a scenario's set-up that names its sites. */
interface SitesSetUp {
  /** Each with the environment variable that holds its port. */
  readonly sites?: Readonly<Record<string, string>>
  readonly environment?: Readonly<Record<string, string>>
}

/**
 * The program's sites, each with the port it is found at.
 * @throws GraderError for what is no origin, or names no port: the author's mistake.
 */
export function sitesOf(
  { sites = {}, environment = {} }: SitesSetUp,
  ownPort: number,
  hasCertificate: boolean,
): (Site & { readonly port: number })[] {
  return Object.entries(sites).map(([url, variable]) => {
    const site = parseSite(url, hasCertificate)
    const port = variable === 'PORT' ? ownPort : Number(environment[variable])
    if (!Number.isInteger(port) || port <= 0) {
      throw new GraderError(
        `The site ${url} is to be found at ${variable}, which isn't a port in the scenario's environment.`,
        `Draw one in checks.ts: environment: { ${variable}: String(await port()) }.`,
      )
    }
    return { ...site, port }
  })
}
