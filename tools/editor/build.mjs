// Bundles editor.js and everything it needs into one file for the browser, and writes beside it whose work that is.

import { readFileSync, writeFileSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'

const here = import.meta.dirname
const vendor = join(here, '../../server/public/vendor')
const MOST_BYTES = 200_000

const { metafile, outputFiles } = await build({
  entryPoints: [join(here, 'editor.js')],
  bundle: true,
  format: 'esm',
  target: 'es2023',
  minify: true,
  legalComments: 'none',
  metafile: true,
  write: false,
  absWorkingDir: here,
  banner: { js: '// CodeMirror 6 and its parts, MIT licence: see editor.licence.txt. Made by npm run build:editor.' },
})
const code = outputFiles[0].contents
const compressed = gzipSync(code, { level: 9 }).length
if (compressed > MOST_BYTES) throw new Error(`editor.js is ${compressed} bytes compressed, more than ${MOST_BYTES}`)

const folders = new Set(Object.keys(metafile.inputs).flatMap((input) => /^node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input)?.[0] ?? []))
const parts = [...folders].toSorted().map((folder) => {
  const { name, version } = JSON.parse(readFileSync(join(here, folder, 'package.json'), 'utf8'))
  return { name: `${name} ${version}`, licence: readFileSync(join(here, folder, 'LICENSE'), 'utf8').trim() }
})
const byLicence = Map.groupBy(parts, ({ licence }) => licence)
const licences = [...byLicence].map(([licence, of]) => `${of.map(({ name }) => name).join('\n')}\n\n${licence}\n`).join(`\n${'-'.repeat(72)}\n\n`)

mkdirSync(vendor, { recursive: true })
writeFileSync(join(vendor, 'editor.js'), code)
writeFileSync(join(vendor, 'editor.licence.txt'), licences)
console.log(`server/public/vendor/editor.js: ${code.length} bytes, ${compressed} compressed`)
