/** What a page's script threw, in one line, and where, by the name of its file in `scripts`. */
export function whatThrew(error: Error, scripts: Readonly<Record<string, string>>): string {
  return words(error) + placeOf(error, scripts)
}

/** Of an error whose words have several lines, puppeteer gives what Chromium said in its stead. */
function words({ name, message }: Error): string {
  const said = message.replace(/\s*\n\s*/g, ' ').replace(new RegExp(`^${name}: `), '')
  return /^Uncaught (?:\(in promise\) )?\w*Error: /.test(said)
    ? said.replace(/^Uncaught (?:\(in promise\) )?/, '')
    : `${name}: ${said}`
}

function placeOf({ stack = '' }: Error, scripts: Readonly<Record<string, string>>): string {
  const [, path, line] = /https?:\/\/[^/\s]+(\/[^\s?#:]*)[^\s:]*:(\d+):\d+/.exec(stack) ?? []
  return path === undefined ? '' : ` (${scripts[path] ?? path} line ${line})`
}
