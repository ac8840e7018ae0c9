import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** What an author reads about, in order: everything of `#grader`, and the types met through it. */
const CHAPTERS: readonly (readonly [heading: string, ...parts: readonly Part[]])[] = [
  [
    'Scenarios and checks',
    from('grader/authoring.ts', 'scenario', 'check', 'rule', 'together', 'present'),
    from('grader/authoring.ts', 'Scenario', 'Check', 'Rule'),
  ],
  [
    'What a scenario is given',
    from('grader/types/kit.ts', 'SetUpKit', 'SetUp', 'FolderContents', 'Kit'),
    from('grader/types/kit.ts', 'ConnectOptions', 'WatchOptions'),
    from('grader/types/kit.ts', 'Random'),
    from('grader/types/program.ts', 'LearnerProgram', 'EndingSignal'),
    from('grader/record/wire/partner/partner-server.ts', 'Origin', 'OriginOptions'),
    from('grader/record/wire/partner/answer-request.ts', 'Asked', 'Answer', 'Reply'),
    from('grader/types/kit.ts', 'SiteAnswer'),
    from('grader/record/wire/partner/served-connection.ts', 'Serve', 'ServedConnection'),
    from('grader/record/wire/partner/chunked.ts', 'chunked', 'ChunkedOptions'),
    from('grader/record/wire/faults/fault-injection.ts', 'Wire', 'CutOptions', 'HoldOptions'),
    from('grader/record/wire/faults/fault-injection.ts', 'RequestMatch', 'Injection', 'Hold'),
    from('grader/record/wire/tls/certificate.ts', 'Certificate', 'CertificateOptions'),
    from('grader/types/page.ts', 'Page', 'PageOptions', 'ClickOptions', 'InputFile', 'Frame'),
    from('grader/types/page.ts', 'FetchInit'),
    from('grader/types/seen-by-browser.ts', 'Fetched'),
    from('grader/record/wire/raw/raw-request.ts', 'RawRequest'),
    from('grader/record/wire/raw/connection-end.ts', 'ConnectionEnd'),
    from('grader/record/wire/raw/raw-connection.ts', 'RawConnection'),
    from('grader/record/wire/tls/http2-connection.ts', 'Http2Connection', 'Http2Request'),
  ],
  [
    'What a check claims',
    from('grader/judge/claims/expect.ts', 'Expect', 'ValueClaims', 'ConsoleClaims', 'CallClaims'),
    from('grader/judge/claims/exchange-claims.ts', 'ExchangeClaims'),
    from('grader/judge/claims/exchanges-claims.ts', 'ExchangesClaims'),
    from('grader/judge/claims/jar-claims.ts', 'JarClaims'),
    from('grader/judge/claims/end-claims.ts', 'EndClaims'),
    from('grader/authoring.ts', 'anything', 'atLeast', 'between', 'differing', 'longerThan'),
    from('grader/authoring.ts', 'matching', 'seconds', 'type', 'Matcher'),
  ],
  [
    'What a check reads',
    from('grader/authoring.ts', 'status', 'path', 'field', 'sentField', 'text', 'json'),
    from('grader/authoring.ts', 'parseJson', 'isAnswered', 'fields'),
    from('grader/authoring.ts', 'setCookie', 'setCookies', 'cookieSent', 'cookiesSent', 'held'),
    from('grader/authoring.ts', 'inTenths', 'secondsAfter', 'waitsBetween'),
    from('grader/authoring.ts', 'strictFault', 'readStrictly'),
    from('grader/authoring.ts', 'hasStatus', 'hasType', 'sendsCookie', 'setsCookie'),
    from('grader/authoring.ts', 'deletesCookie', 'Predicate'),
    from('grader/authoring.ts', 'SetCookie', 'StrictFault', 'StrictReading', 'StrictMessage'),
  ],
  [
    'What a check shows',
    from('grader/authoring.ts', 'bytesExhibit', 'cookieChart', 'table', 'nearField', 'Exhibit'),
  ],
  [
    'What is recorded',
    from('grader/authoring.ts', 'OnWire', 'Exchange', 'Interim', 'InjectedFault', 'Security'),
    from('grader/authoring.ts', 'ShownCertificate'),
    from('grader/authoring.ts', 'Handshake', 'RawRecord'),
    from('grader/authoring.ts', 'Visit', 'Lead', 'BrowserRequest', 'Download'),
    from('grader/authoring.ts', 'Call', 'ConsoleResult', 'Cookie', 'Jar'),
    from('grader/authoring.ts', 'ProgramEnd', 'OutputLine'),
  ],
]

interface Part {
  readonly file: string
  readonly names: readonly string[]
}

function from(file: string, ...names: readonly string[]): Part {
  return { file, names }
}

/** Every name that the reference explains. */
export function referenceNames(): string[] {
  return CHAPTERS.flatMap(([, ...parts]) => parts.flatMap(({ names }) => names))
}

/**
 * `docs/reference.md`: the functions and types an author meets, with what their docstrings say.
 * Throws when one is not where it is looked for.
 */
export function reference(project: string): string {
  const chapters = CHAPTERS.map(([heading, ...parts]) => {
    const entries = parts.flatMap(({ file, names }) =>
      names.map((name) => entry(declarationOf(name, join(project, file)))),
    )
    return `## ${heading}\n\n${entries.join('\n')}`
  })
  return `# Reference for authors

Written from the sources by \`npm run lint:course -- --write-docs\`. [authoring.md](authoring.md) tells how the parts go together.

${chapters.join('\n')}`
}

interface Declaration {
  readonly name: string
  readonly kind: 'interface' | 'other'
  readonly says: string
  /** An interface's members; else the declaration without its body. */
  readonly source: string
}

function declarationOf(name: string, file: string): Declaration {
  const declaration = findDeclaration(name, file)
  if (!declaration) throw new Error(`${file} has no ${name}`)
  return declaration
}

/** Looks into the files whose exports a file passes on, too. */
function findDeclaration(name: string, file: string): Declaration | undefined {
  const source = readFileSync(file, 'utf8')
  const passedOn = /export (?:type )?(?:\*|\{(?<names>[^}]*)\}) from '(?<path>[^']+)'/g
  for (const { groups } of source.matchAll(passedOn)) {
    const names = groups!['names']?.split(',').map((each) => each.trim().replace(/^type /, ''))
    if (names && !names.includes(name)) continue
    const declaration = findDeclaration(name, join(dirname(file), groups!['path']!))
    if (declaration) return declaration
  }
  const docstring = String.raw`(?:\/\*\*(?<says>(?:(?!\*\/)[\s\S])*)\*\/\n)?`
  const keyword = 'export (?<word>interface|type|function|const)'
  const start = new RegExp(`^${docstring}${keyword} ${name}\\b`, 'm').exec(source)
  if (!start?.groups) return undefined
  const { says = '', word = '' } = start.groups
  const text = source.slice(start.index + start[0].lastIndexOf('export '))
  return word === 'interface'
    ? { name, kind: 'interface', says: plain(says), source: interfaceBody(text) }
    : { name, kind: 'other', says: plain(says), source: signatures(text, name) }
}

function interfaceBody(source: string): string {
  return /^export interface [^\n{]*\{\n(?<body>[\s\S]*?)^\}/m.exec(source)?.groups?.['body'] ?? ''
}

/** A function's signatures, all overloads; or what a type or a constant is declared to be. */
function signatures(source: string, name: string): string {
  if (!source.startsWith('export function')) {
    const [block] = /^[^\n]*(?:\n[ })\]][^\n]*)*/.exec(source)!
    return block.replace(/^export /, '').replace(/^(const [^=]*) = .*$/s, '$1')
  }
  const found: string[] = []
  let rest = source
  while (rest.startsWith(`export function ${name}`)) {
    const [signature, end] = firstSignature(rest)
    // The last signature of several belongs to the body, and nobody can call it.
    if (end === 'body' && found.length > 0) break
    found.push(signature.replace(/^export /, ''))
    if (end === 'body') break
    rest = rest.slice(signature.length + 1)
  }
  return found.join('\n')
}

function firstSignature(source: string): [signature: string, end: 'body' | 'overload'] {
  for (let end = source.indexOf('\n'); end !== -1; end = source.indexOf('\n', end + 1)) {
    const text = source.slice(0, end)
    const signature = text.replace(/ \{$/, '')
    if (isBalanced(signature)) return [signature, signature === text ? 'overload' : 'body']
  }
  return [source, 'overload']
}

function isBalanced(source: string): boolean {
  const text = source.replace(/=>/g, '')
  const count = (pattern: RegExp) => text.match(pattern)?.length ?? 0
  return count(/[([{<]/g) === count(/[)\]}>]/g)
}

function entry({ name, kind, says, source }: Declaration): string {
  if (kind === 'other')
    return [`### ${name}`, '', '```ts', source, '```', '', ...(says === '' ? [] : [says, ''])].join(
      '\n',
    )
  const rows = membersOf(source).map(
    (member) =>
      `| \`${member.signature.replaceAll('|', '\\|')}\` | ${member.says.replaceAll('|', '\\|')} |`,
  )
  const table = ['| | |', '| --- | --- |', ...rows, '']
  return [`### ${name}`, '', ...(says === '' ? [] : [says, '']), ...table].join('\n')
}

function membersOf(body: string): { signature: string; says: string }[] {
  // A member begins two spaces in; what the formatter broke goes on further in, and may close
  // there.
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
