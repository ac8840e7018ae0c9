import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** What an author reads about, in order: a heading, a file, and the interfaces of it. */
const CHAPTERS: readonly (readonly [
  heading: string,
  ...sources: readonly (readonly [file: string, ...names: readonly string[]])[],
])[] = [
  [
    'Scenarios and checks',
    ['grader/scenario.ts', 'Scenario'],
    ['grader/judge/check.ts', 'Check', 'DiagnosisRule'],
  ],
  [
    'What a scenario is given',
    ['grader/types/kit.ts', 'SetUpKit', 'SetUp', 'Kit', 'ConnectOptions', 'WatchOptions', 'Random'],
    ['grader/record/wire/partner-server.ts', 'Origin', 'OriginOptions', 'Asked'],
    ['grader/record/wire/tls/certificate.ts', 'Certificate', 'CertificateOptions'],
    ['grader/record/browser/page/page.ts', 'Page', 'FetchInit', 'Fetched'],
    ['grader/record/wire/send-raw.ts', 'RawRequest'],
    ['grader/record/wire/raw-connection.ts', 'RawConnection'],
    ['grader/record/wire/tls/http2-connection.ts', 'Http2Connection', 'Http2Request'],
    ['grader/types/recorded.ts', 'Handshake'],
  ],
  [
    'What a check claims',
    ['grader/judge/claims/expect.ts', 'Expect', 'ValueClaims', 'ConsoleClaims', 'CallClaims'],
    ['grader/judge/claims/exchange-claims.ts', 'ExchangeClaims'],
    ['grader/judge/claims/exchanges-claims.ts', 'ExchangesClaims'],
    ['grader/judge/claims/jar-claims.ts', 'JarClaims'],
  ],
]

/**
 * `docs/reference.md`: the types an author meets, with what their docstrings say. Throws when one
 * is not where it is looked for.
 */
export function reference(project: string): string {
  const chapters = CHAPTERS.map(([heading, ...sources]) => {
    const entries = sources.flatMap(([file, ...names]) => {
      const source = readFileSync(join(project, file), 'utf8')
      return names.map((name) => entry(name, source, file))
    })
    return `## ${heading}\n\n${entries.join('\n')}`
  })
  return `# Reference for authors

Written from the sources by \`npm run lint:course -- --write-docs\`. [authoring.md](authoring.md) tells how the parts go together.

${chapters.join('\n')}`
}

function entry(name: string, source: string, file: string): string {
  const start = new RegExp(
    `^(?:/\\*\\*(?<says>(?:(?!\\*/)[\\s\\S])*)\\*/\\n)?export interface ${name}\\b[^{]*\\{\\n(?<body>[\\s\\S]*?)^\\}`,
    'm',
  ).exec(source)
  if (!start?.groups) throw new Error(`${file} has no interface ${name}`)
  const rows = membersOf(start.groups['body']!).map(
    ({ signature, says }) =>
      `| \`${signature.replaceAll('|', '\\|')}\` | ${says.replaceAll('|', '\\|')} |`,
  )
  const words = plain(start.groups['says'])
  return [
    `### ${name}`,
    '',
    ...(words === '' ? [] : [words, '']),
    '| | |',
    '| --- | --- |',
    ...rows,
    '',
  ].join('\n')
}

function membersOf(body: string): { signature: string; says: string }[] {
  // A member begins two spaces in; what the formatter broke goes on further in, and may close there.
  const member =
    /^ {2}(?:\/\*\*(?<says>(?:(?!\*\/)[\s\S])*)\*\/\n {2})?(?<signature>[^\s/*}][^\n]*(?:\n(?: {3}| {2}[)}])[^\n]*)*)$/gm
  return [...body.matchAll(member)].map(({ groups }) => ({
    signature: onOneLine(groups!['signature']!.replace(/^readonly /, '')),
    says: plain(groups!['says']),
  }))
}

function onOneLine(signature: string): string {
  return signature.replace(/\s+/g, ' ').replace(/\( /g, '(').replace(/,? \)/g, ')').trim()
}

/** A docstring as one paragraph. */
function plain(docstring = ''): string {
  return docstring
    .replace(/^\s*\*? ?/gm, ' ')
    .replace(/\s+/g, ' ')
    .trim()
}
