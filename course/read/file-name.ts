/**
 * Whether a path within an exercise, with forward slashes, is one that a run and a submission can
 * keep: parts of letters, digits, `_`, `-`, `@` and `.`, none of them hidden. No such path leaves
 * its folder, on any system.
 */
export function isKeepablePath(path: string): boolean {
  return path.split('/').every((part) => /^[\w@-][\w@.-]*$/.test(part))
}
