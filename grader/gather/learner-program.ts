/** What is to be graded. */
export type Program =
  /** Files in `dir`, run by this Node. `label` is how a person knows it: `work/cookies-max-age/server.ts`. */
  | { readonly kind: 'files'; readonly dir: string; readonly entry: string; readonly label: string }
  /** A shell command, run in `dir` with PORT set. */
  | { readonly kind: 'command'; readonly command: string; readonly dir: string }
  /** A server somebody else started. */
  | { readonly kind: 'url'; readonly url: string }
