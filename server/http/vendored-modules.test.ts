import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { vendoredModules, withVendoredImports } from './vendored-modules.ts'

const editor = ['editor.js', 'typing-help.js']
  .map((name) => readFileSync(join(import.meta.dirname, '../public/editing', name), 'utf8'))
  .join('\n')

test('names packages by addresses with their version and leaves files alone', () => {
  const code =
    "import { EditorState } from '@codemirror/state'\nimport { a } from './a.js'\nconst text = \"from 'crelt'\"\n"
  expect(withVendoredImports(code)).toMatch(
    /^import \{ EditorState \} from '\.\/codemirror-state-\d+\.\d+\.\d+\.js'\nimport \{ a \} from '\.\/a\.js'\nconst text = "from 'crelt'"\n$/,
  )
})

test('every module the editor leads to is there, and no package is named in any of them', () => {
  const modules = vendoredModules(editor)
  expect(modules.size).toBeGreaterThan(8)
  const named = [editor, ...[...modules.values()].map(({ content }) => content)].flatMap((code) =>
    [
      ...withVendoredImports(code).matchAll(/^(?:import|export)\b[^'"]*from ['"]([^'"]+)['"]/gm),
    ].map(([, specifier]) => specifier!),
  )
  expect(named.filter((specifier) => !specifier.startsWith('./'))).toEqual([])
  expect(named.filter((specifier) => !modules.has(specifier.slice(2)))).toEqual([
    './typing-help.js',
  ])
})
