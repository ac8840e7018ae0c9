type Environment = Readonly<Record<string, string | undefined>>

/**
 * Whether a terminal shows OSC 8 hyperlinks, by the rules of the package supports-hyperlinks 4 and
 * what further terminals document. FORCE_HYPERLINK decides (0: never); without it a pipe, CI,
 * NO_COLOR and NO_HYPERLINK get none, and neither does a terminal that isn't known to show them.
 */
export function supportsHyperlinks(isTTY: boolean, env: Environment = process.env): boolean {
  const forced = env['FORCE_HYPERLINK']
  if (forced !== undefined && forced !== '') return forced !== '0' && forced !== 'false'
  const isRefused = [env['CI'], env['TEAMCITY_VERSION'], env['NO_COLOR'], env['NO_HYPERLINK']].some(
    (value) => value !== undefined && value !== '',
  )
  if (!isTTY || isRefused) return false
  // Within these it is not the outer terminal that draws, and what they pass on is their setting.
  if (/^(?:tmux|screen|dumb)/.test(env['TERM'] ?? '')) return false
  if (env['WT_SESSION']) return true
  const [major, minor] = versionOf(env['TERM_PROGRAM_VERSION'])
  switch (env['TERM_PROGRAM']) {
    case 'iTerm.app':
      return major > 3 || (major === 3 && minor >= 1)
    case 'vscode':
      return major > 1 || (major === 1 && minor >= 72) || Boolean(env['CURSOR_TRACE_ID'])
    case 'WezTerm':
      return major >= 20_200_620
    case 'ghostty':
    case 'zed':
      return true
    default:
      break
  }
  // 0.50.0 falls over a hyperlink.
  if (env['VTE_VERSION']) return Number(env['VTE_VERSION']) > 5000
  return ['alacritty', 'xterm-kitty', 'xterm-ghostty', 'foot', 'contour'].includes(
    env['TERM'] ?? '',
  )
}

/** A text that leads to an address where it is shown. The text is a line at most. */
export function hyperlink(text: string, address: string): string {
  return `\u001b]8;;${address}\u001b\\${text}\u001b]8;;\u001b\\`
}

/** Has every address of the course within a text lead there. Others, and links, stay as they are. */
export function linkAddresses(text: string, course: string): string {
  return text.replaceAll(/(?<!\]8;;)https?:\/\/[^\s\u001b]+[^\s\u001b.,;:!?)]/g, (address) =>
    address === course || address.startsWith(`${course}/`) ? hyperlink(address, address) : address,
  )
}

function versionOf(text: string | undefined): [number, number] {
  const [major, minor] = (text ?? '').split(/[.-]/).map(Number)
  return [major || 0, minor || 0]
}
