import { expect, test } from 'vitest'
import { hyperlink, linkAddresses, supportsHyperlinks } from './hyperlinks.ts'

test.each([
  [{ TERM_PROGRAM: 'iTerm.app', TERM_PROGRAM_VERSION: '3.5.0' }, true],
  [{ TERM_PROGRAM: 'iTerm.app', TERM_PROGRAM_VERSION: '3.0.9' }, false],
  [{ TERM_PROGRAM: 'vscode', TERM_PROGRAM_VERSION: '1.95.2' }, true],
  [{ TERM_PROGRAM: 'WezTerm', TERM_PROGRAM_VERSION: '20240203-110809-5046fc22' }, true],
  [{ TERM_PROGRAM: 'Apple_Terminal', TERM_PROGRAM_VERSION: '453' }, false],
  [{ TERM: 'xterm-256color', VTE_VERSION: '7600' }, true],
  [{ TERM: 'xterm-256color', VTE_VERSION: '5000' }, false],
  [{ TERM: 'xterm-kitty' }, true],
  [{ TERM: 'xterm-256color' }, false],
  [{ TERM: 'tmux-256color', TERM_PROGRAM: 'ghostty' }, false],
  [{ TERM: 'xterm-kitty', NO_COLOR: '1' }, false],
  [{ TERM: 'xterm-kitty', NO_HYPERLINK: '1' }, false],
  [{ TERM: 'xterm-kitty', CI: 'true' }, false],
  [{ TERM: 'xterm-kitty', FORCE_HYPERLINK: '0' }, false],
  [{ TERM: 'dumb', FORCE_HYPERLINK: '1' }, true],
])('%j: %s', (env, supported) => expect(supportsHyperlinks(true, env)).toBe(supported))

test('a pipe gets none, unless it is asked for', () => {
  expect(supportsHyperlinks(false, { TERM: 'xterm-kitty' })).toBe(false)
  expect(supportsHyperlinks(false, { FORCE_HYPERLINK: '1' })).toBe(true)
})

test('addresses of the course lead there, others stay words', () => {
  const course = 'http://localhost:4321'
  expect(linkAddresses(`The whole run: ${course}/runs/8f31\nRead at ${course}.\n`, course)).toBe(
    `The whole run: ${hyperlink(`${course}/runs/8f31`, `${course}/runs/8f31`)}\nRead at ${hyperlink(course, course)}.\n`,
  )
  const link = hyperlink('Cookies', `${course}/lessons/cookies`)
  for (const other of [link, 'curl -i http://127.0.0.1:3000/start', 'http://localhost:43210/'])
    expect(linkAddresses(other, course)).toBe(other)
})
