import { applyPatch, type StructuredPatchHunk } from 'diff'
import { PatchError } from './patch-error.ts'

/** What a patch says about one file. */
export interface PatchedFile {
  /** Relative to the solution's folder, with forward slashes. */
  readonly path: string
  /** Where the file's part begins in the patch, from 1. */
  readonly line: number
  readonly hunks: readonly PlacedHunk[]
}

export type PlacedHunk = StructuredPatchHunk & {
  /** Where the hunk begins in the patch, from 1. */
  readonly line: number
}

/**
 * The text of a file after its hunks, without fuzz: every line of context and every removed line is
 * there, character for character. A hunk is taken at the line it names; when the solution has moved
 * since, it is taken where its lines are, provided that they are in one place only: among several a
 * patch would choose by chance. @throws PatchError
 */
export function applyStrictly({ path, line, hunks }: PatchedFile, text: string): string {
  if (text.includes('\r'))
    throw new PatchError(
      `solution/${path} has CRLF line ends, and a patch has LF.`,
      line,
      `Save solution/${path} with LF line ends.`,
    )
  const lines = text.split('\n')
  const inPlace = hunks.every((hunk) => isAt(lines, hunk, hunk.oldStart - 1))
  const placed = inPlace
    ? hunks
    : hunks.map((hunk) => ({ ...hunk, oldStart: onlyPlace(path, lines, hunk) + 1 }))
  // Else applyPatch would look for another place.
  const inOrder = placed.every((hunk, index) => {
    const previous = placed[index - 1]
    return previous === undefined || hunk.oldStart >= previous.oldStart + previous.oldLines
  })
  const patched =
    inOrder &&
    applyPatch(text, structured(path, placed), {
      fuzzFactor: 0,
      autoConvertLineEndings: false,
    })
  if (patched === false)
    throw new PatchError(
      `The hunks for ${path} do not apply together.`,
      line,
      'They overlap, are out of order, or differ in the line end at the end of the file.',
    )
  return patched
}

/** True when each hunk applies at the very line it names. */
export function appliesInPlace({ hunks }: PatchedFile, text: string): boolean {
  const lines = text.split('\n')
  return hunks.every((hunk) => isAt(lines, hunk, hunk.oldStart - 1))
}

/** Index of the first line of the only place where a hunk fits. */
function onlyPlace(path: string, lines: readonly string[], hunk: PlacedHunk): number {
  const places = lines.flatMap((_, index) => (isAt(lines, hunk, index) ? [index] : []))
  if (places.length === 1) return places[0]!
  if (places.length > 1)
    throw new PatchError(
      `This hunk fits in ${places.length} places of solution/${path} (lines ${places.map((index) => index + 1).join(', ')}), and not at line ${hunk.oldStart}, which it names.`,
      hunk.line,
      'Write the patch anew, so that it names the line it means.',
    )
  const wanted = before(hunk)
  const start = nearest(lines, wanted, hunk.oldStart - 1)
  const offset = wanted.findIndex((each, index) => lines[start + index] !== each)
  const found = lines[start + offset]
  const instead = found === undefined ? 'the file has ended' : `there is ${JSON.stringify(found)}`
  throw new PatchError(
    `This hunk does not apply to solution/${path}: at line ${start + offset + 1} it needs ${JSON.stringify(wanted[offset])}, and ${instead}.`,
    hunk.line,
    'Verify it with --update, which carries patches over to a changed solution.',
  )
}

/** Where most of the lines are, so that the message speaks of the one that differs. */
function nearest(lines: readonly string[], wanted: readonly string[], named: number): number {
  const hits = (start: number) =>
    wanted.filter((line, index) => lines[start + index] === line).length
  const best = Math.max(...lines.map((_, start) => hits(start)))
  if (best === 0 || hits(named) === best) return Math.min(named, lines.length - 1)
  return lines.findIndex((_, start) => hits(start) === best)
}

function isAt(lines: readonly string[], hunk: PlacedHunk, start: number): boolean {
  return before(hunk).every((line, index) => lines[start + index] === line)
}

/**
 * The hunk's lines as the solution has them. Some editors take away the space that is an empty line
 * of context.
 */
function before({ lines }: PlacedHunk): string[] {
  return lines.filter((line) => /^(?:[ -]|$)/.test(line)).map((line) => line.slice(1))
}

function structured(path: string, hunks: readonly PlacedHunk[]) {
  return {
    oldFileName: path,
    newFileName: path,
    oldHeader: undefined,
    newHeader: undefined,
    hunks: [...hunks],
  }
}
