import type { Diagnosis } from '../../../../types/index.ts'

/**
 * That Chromium refused something to the page's script, by what it wrote into the console as an
 * error: the script itself (Content Security Policy, its type, a sandbox) or a request of it. Its
 * own first sentence is quoted.
 */
export function refusedScript(text: string): Diagnosis | undefined {
  const byPolicy = isByPolicy(text)
  if (!byPolicy && !BY_TYPE.test(text)) return undefined
  const [quoted] = text
    .replace(/https?:\/\/[^/\s'"]+/g, '')
    .split(/\.?\s+(?:Either|Note|The action|Strict)\b/)
  const advice = byPolicy
    ? 'The Content-Security-Policy of the page forbids it. Let it allow what the page needs, or leave it out.'
    : 'Send a script with Content-Type: text/javascript.'
  return {
    id: 'script-refused',
    say: `Chromium stopped the page's script: “${quoted!.replace(/\.$/, '')}.” ${advice}`,
  }
}

/**
 * That a page with a script was shown as text. `contentType`: the field as it was sent, where it
 * was.
 */
export function shownAsText(path: string, contentType: string | undefined): Diagnosis {
  const why =
    contentType === undefined || contentType === ''
      ? 'no Content-Type says that it is HTML'
      : `its Content-Type is ${contentType}`
  return {
    id: 'script-refused',
    say: `Chromium showed ${path} as text and ran no script of it, because ${why}. A page has Content-Type: text/html.`,
  }
}

/** Whether a text looks like the source of a page with a script. */
export function isSourceOfPage(text: string): boolean {
  return /<script[\s>]/i.test(text)
}

/** Images, styles and fonts may be refused, and the script runs all the same. */
function isByPolicy(text: string): boolean {
  return (
    (/Content Security Policy/.test(text) &&
      /^(?:Executing|Evaluating|Connecting|Loading the script|Refused to (?:execute|evaluate|connect|load the script)|Running the JavaScript)/.test(
        text,
      )) ||
    text.startsWith('Blocked script execution') ||
    text.startsWith("This document requires 'Trusted")
  )
}

const BY_TYPE = /^Refused to execute script .*MIME type|^Failed to load module script: .*MIME type/
