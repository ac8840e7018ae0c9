import type { Diagnosis } from '../../../../types/index.ts'

/** What a page's script threw, in one line, and where, by the name of its file in `scripts`. */
export function whatThrew(error: Error, scripts: Readonly<Record<string, string>>): Diagnosis {
  const place = placeOf(error, scripts)
  return { id: 'page-threw', say: `Your script threw: ${words(error)}${place}.` }
}

/**
 * What is imported that is no address at all, by what Chromium says when it meets one. Nothing of
 * the script has run then.
 */
export function bareImport(text: string): string | undefined {
  return /Failed to resolve module specifier "([^"]+)"/.exec(text)?.[1]
}

/**
 * That a script imports what the grader's browser cannot have: a package, or something elsewhere.
 * `script`: the name of its file, if it is known.
 */
export function importFault(imported: string, script = 'Your script'): Diagnosis {
  const why = /^https?:/.test(imported)
    ? "but the grader's browser reaches this machine only. Keep what you need in a file beside your script."
    : `but a browser knows no packages: it takes an import as an address. Import a file beside your script, as in './${fileName(imported)}', or use what browsers have.`
  return { id: 'missing-module', say: `${script} imports '${imported}', ${why}` }
}

/** A name for the example in a sentence. */
function fileName(imported: string): string {
  const name = imported.replace(/^(?:\w+:|@\/|@[^/]+\/)/, '')
  return /\.[mc]?[jt]s$/.test(name) ? name : `${name}.ts`
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
