// Preloaded into a graded program: its modules come from the copies that were made when the grading
// began (snapshot.ts), under their own names. So a file that is saved meanwhile changes nothing,
// and what the program sees and prints of its paths is the learner's folder.
import { readFileSync } from 'node:fs'
import { registerHooks } from 'node:module'
import { extname, isAbsolute } from 'node:path'
import { pathToFileURL } from 'node:url'

const index = process.env.ROUNDTRIP_SNAPSHOT
delete process.env.ROUNDTRIP_SNAPSHOT

if (index !== undefined) {
  const written = JSON.parse(readFileSync(index, 'utf8'))
  const copies = new Map(written.copies)
  const links = new Map(written.links)
  const stripped = new Map(written.stripped)

  registerHooks({
    resolve(specifier, context, nextResolve) {
      const url = isAbsolute(specifier)
        ? pathToFileURL(specifier).href
        : URL.parse(specifier, context.parentURL)?.href
      const linked = links.get(url)
      if (linked !== undefined) return { url: linked, shortCircuit: true }
      try {
        return nextResolve(specifier, context)
      } catch (error) {
        // An editor may take a file away for a moment while it saves it. (Node looks for one that is
        // started and is CommonJS without asking here.)
        const found = candidates(url, context).find((candidate) => copies.has(candidate))
        if (found === undefined) throw error
        return { url: found, shortCircuit: true }
      }
    },
    load(url, context, nextLoad) {
      const copy = copies.get(url)
      if (copy === undefined) return nextLoad(url, context)
      // What strips types is not loaded here: it would take longer than all the rest.
      const withoutTypes = stripped.get(url)
      const format =
        context.format ??
        formatOf(withoutTypes ?? copy, withoutTypes !== undefined, context, nextLoad)
      const plain = format === 'module-typescript' ? withoutTypes : undefined
      return {
        format: plain === undefined ? format : 'module',
        source: readFileSync(new URL(plain ?? copy)),
        shortCircuit: true,
      }
    },
  })
}

/** require() finds a file without its ending as well. */
function candidates(url, { conditions }) {
  return conditions.includes('require') ? [url, `${url}.js`, `${url}/index.js`] : [url]
}

/** Where no package.json says whether it is CommonJS, Node finds that out from the text. */
function formatOf(copy, isStripped, context, nextLoad) {
  try {
    const { format } = nextLoad(copy, context)
    return isStripped ? `${format}-typescript` : format
  } catch {
    // It does not parse. Node says so once more, and then by the learner's name of the file.
    return isStripped || /\.[mc]?ts$/.test(extname(copy)) ? 'module-typescript' : 'module'
  }
}
