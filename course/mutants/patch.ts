import { FILE_HEADERS_ONLY, formatPatch, parsePatch, structuredPatch } from 'diff'
import { applyStrictly, type PatchedFile } from './apply-strictly.ts'
import { PatchError } from './patch-error.ts'

/**
 * A mutant's patch as it was read: what somebody believed, and how the program of that belief
 * differs from the solution.
 */
export interface MutantPatch {
  readonly misconception: string
  readonly files: readonly PatchedFile[]
}

/** A file of an exercise as the solution has it, and as the mutant has it. */
export interface ChangedFile {
  /** Relative to the solution's folder, with forward slashes. */
  readonly path: string
  readonly solution: string
  readonly mutant: string
}

/** What separates a person's words from the patch: the first line begins with it. */
const LABEL = 'Misconception: '
const CONTEXT = 3

/**
 * Reads a patch: line 1 names the misconception, line 2 begins a unified diff of which every line
 * belongs to a file's header or to a hunk. @throws PatchError
 */
export function parseMutantPatch(content: Uint8Array | string): MutantPatch {
  const text = typeof content === 'string' ? content : decode(content)
  const returnAt = text.indexOf('\r')
  if (returnAt !== -1)
    throw new PatchError(
      'This line ends with CRLF.',
      lineAt(text, returnAt),
      'Save the patch with LF line ends only.',
    )
  const [first = '', ...rest] = text.split('\n')
  const misconception = first.startsWith(LABEL.trimEnd())
    ? first.slice(LABEL.trimEnd().length).trim()
    : undefined
  if (misconception === undefined)
    throw new PatchError(
      'The first line does not name the misconception.',
      1,
      `Begin the patch with one line: ${LABEL}what somebody believes who writes this.`,
    )
  if (misconception === '')
    throw new PatchError(
      'The misconception is empty.',
      1,
      `Complete the line with a sentence: ${LABEL}what somebody believes who writes this.`,
    )
  return { misconception, files: parseFiles(rest) }
}

/**
 * The text of a patch, with three lines of context. Files without a difference are left out; when
 * none differs only the misconception is left, which parseMutantPatch() refuses.
 */
export function formatMutantPatch(misconception: string, files: readonly ChangedFile[]): string {
  const patches = files
    .filter(({ solution, mutant }) => solution !== mutant)
    .map(({ path, solution, mutant }) =>
      structuredPatch(path, path, solution, mutant, undefined, undefined, { context: CONTEXT }),
    )
  const diff = patches.map((patch) => formatPatch(patch, FILE_HEADERS_ONLY)).join('')
  return `${LABEL}${misconception}\n${diff}`
}

/**
 * The files that a patch changes, before and after. `solutionFile` gives the text of a file of the
 * solution, undefined when there is none. @throws PatchError
 */
export function applyMutantPatch(
  { files }: MutantPatch,
  solutionFile: (path: string) => string | undefined,
): ChangedFile[] {
  return files.map((file) => {
    const solution = solutionFile(file.path)
    if (solution === undefined)
      throw new PatchError(
        `The solution has no file ${file.path}.`,
        file.line,
        'A patch changes files of the solution; it neither adds nor removes one.',
      )
    const mutant = applyStrictly(file, solution)
    if (mutant === solution) throw changesNothing(file)
    return { path: file.path, solution, mutant }
  })
}

function decode(content: Uint8Array): string {
  const notText = (line: number) =>
    new PatchError('This is not text in UTF-8.', line, 'Put the patch back as it was committed.')
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(content)
  } catch {
    throw notText(1)
  }
  const zeroAt = text.indexOf('\0')
  if (zeroAt !== -1) throw notText(lineAt(text, zeroAt))
  return text
}

function parseFiles(lines: readonly string[]): PatchedFile[] {
  const end = lines.at(-1) === '' ? lines.length - 1 : lines.length
  if (end === 0)
    throw new PatchError(
      'The patch has no difference.',
      1,
      'A mutant differs from the solution: write the difference, or remove the file.',
    )
  requireHeader(lines)
  let parsed: ReturnType<typeof parsePatch>
  try {
    parsed = parsePatch(lines.join('\n'))
  } catch (error) {
    const message = (error as Error).message
    // It counts from the line after the misconception.
    const line = Number(/at line (\d+)/.exec(message)?.[1] ?? 1) + 1
    throw new PatchError(
      `This is not a unified diff: ${message.replace(/at line \d+/, `at line ${line}`)}.`,
      line,
      'Put the patch back as it was committed.',
    )
  }
  const files: PatchedFile[] = []
  let line = 2
  for (const { oldFileName, newFileName, hunks } of parsed) {
    const path = pathOf(oldFileName, newFileName, line)
    const headerLine = line
    line += 2
    const placed = hunks.map((hunk) => {
      const at = line
      if (!Number.isInteger(hunk.oldStart))
        throw new PatchError(
          'This line does not say where the hunk belongs.',
          at,
          'Put the patch back as it was committed.',
        )
      line += 1 + hunk.lines.length
      return { ...hunk, line: at }
    })
    if (!placed.some((hunk) => hunk.lines.some((each) => /^[+-]/.test(each))))
      throw changesNothing({ path, line: headerLine })
    if (files.some((other) => other.path === path))
      throw new PatchError(
        `The patch has two parts for ${path}.`,
        headerLine,
        'Give a file one header, and all of its hunks after it.',
      )
    files.push({ path, line: headerLine, hunks: placed })
  }
  // The parser skips what it does not know; then it gave fewer lines than there are.
  if (line !== end + 2) throw strayLine(lines)
  return files
}

function changesNothing({ path, line }: Pick<PatchedFile, 'path' | 'line'>): PatchError {
  return new PatchError(
    `The patch changes nothing in ${path}.`,
    line,
    'A mutant differs from the solution: write the difference, or remove the file.',
  )
}

function requireHeader([first = '', second = '']: readonly string[]): void {
  if (/^--- \S/.test(first) && /^\+\+\+ \S/.test(second)) return
  const line = /^--- \S/.test(first) ? 3 : 2
  throw new PatchError(
    'After the misconception there is something else than the two lines that begin a unified diff.',
    line,
    'Line 2 is "--- " and the file, line 3 "+++ " and the file; nothing comes before them.',
  )
}

function strayLine(lines: readonly string[]): PatchError {
  const index = lines.findIndex(
    (line, at) => !/^(?:--- |\+\+\+ |@@ |[ +\\-])/.test(line) && at < lines.length - 1,
  )
  return new PatchError(
    'This line belongs to no hunk.',
    (index === -1 ? lines.length : index) + 2,
    'Remove it: a patch holds the misconception, and of each file two header lines and its hunks.',
  )
}

function pathOf(before: string | undefined, after: string | undefined, line: number): string {
  const [from = '', to = ''] = [before, after]
  if (from === '/dev/null' || to === '/dev/null')
    throw new PatchError(
      from === '/dev/null' ? `The patch adds a file, ${to}.` : `The patch removes a file, ${from}.`,
      line,
      'A patch changes files of the solution; it neither adds nor removes one.',
    )
  // Git writes a/ and b/ before the names.
  const path = from.startsWith('a/') && to.startsWith('b/') ? from.slice(2) : from
  const target = path === from ? to : to.slice(2)
  if (path !== target)
    throw new PatchError(
      `The patch renames ${path} to ${target}.`,
      line,
      'Write the same name after "---" and "+++": the file as it is called in solution/.',
    )
  if (isOutside(path))
    throw new PatchError(
      `The patch changes ${path}, which is outside of the solution.`,
      line,
      'Write the name of a file in solution/, from there: server.ts.',
    )
  return path
}

function isOutside(path: string): boolean {
  return (
    /^(?:[\\/]|[A-Za-z]:)/.test(path) ||
    path.includes('\\') ||
    path.split('/').some((part) => part === '' || part === '.' || part === '..')
  )
}

function lineAt(text: string, index: number): number {
  return text.slice(0, index).split('\n').length
}
