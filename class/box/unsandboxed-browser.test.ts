import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { unsandboxedBrowser } from './unsandboxed-browser.ts'

/** A /proc with processes that were started so. */
function procOf(...lines: string[][]): string {
  const proc = mkdtempSync(join(tmpdir(), 'roundtrip-proc-'))
  onTestFinished(() => rmSync(proc, { recursive: true }))
  for (const [index, line] of lines.entries()) {
    mkdirSync(join(proc, String(index + 1)))
    writeFileSync(join(proc, String(index + 1), 'cmdline'), `${line.join('\0')}\0`)
  }
  // One that has ended meanwhile, and what is no process.
  mkdirSync(join(proc, '999'))
  mkdirSync(join(proc, 'self'))
  writeFileSync(join(proc, 'self/cmdline'), '--no-sandbox')
  return proc
}

test('a browser with its sandbox is well', () => {
  expect(unsandboxedBrowser(procOf(['node', 'a.ts'], ['chrome', '--headless']))).toBeNull()
})

test('a browser without one is named', () => {
  const proc = procOf(['node', 'a.ts'], ['chrome', '--headless', '--no-sandbox'])
  expect(unsandboxedBrowser(proc)).toBe('The browser did not start with its own sandbox.')
})

test('a program that has the words in one of its arguments is none', () => {
  expect(unsandboxedBrowser(procOf(['sh', '-c', 'echo --no-sandbox']))).toBeNull()
})
