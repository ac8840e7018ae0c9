import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { shellWord } from './shell-word.ts'

test.each(['server.ts', 'work/a-b_c/server.ts', '/tmp/x@2/+1%', 'https://127.0.0.1:8000/'])(
  '%s needs no quotes',
  (text) => expect(shellWord(text)).toBe(text),
)

test.each([
  '',
  'a b',
  "it's",
  `"$HOME" \`id\` $(id)`,
  '*?[a]{b,c}',
  'a\\b',
  'a;b&c|d<e>f#g!h=i',
  'two\nlines',
  '日本語',
  '~/a',
])('%j comes through a shell as it is', (text) => {
  expect(execFileSync('sh', ['-c', `printf %s ${shellWord(text)}`], { encoding: 'utf8' })).toBe(
    text,
  )
})
