import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { book } from './book.ts'

let folder: string
let said: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'roundtrip-book-'))
  said = ''
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => Boolean((said += String(text))))
})
afterEach(() => {
  vi.restoreAllMocks()
  vi.unstubAllEnvs()
  rmSync(folder, { recursive: true })
})

test('the book is written where the person asked for it, from where they typed', async () => {
  vi.stubEnv('INIT_CWD', folder)
  expect(await book({ out: 'shelf/http.html' })).toBe(0)
  expect(readFileSync(join(folder, 'shelf', 'http.html'), 'utf8')).toMatch(
    /^<!doctype html>[\s\S]*<\/html>\n$/,
  )
  expect(said).toMatch(
    /shelf\/http\.html holds the whole course \(\d+ kB\)\. Open it in any browser; print it from there\.\n$/,
  )
})

test('where it cannot be written, the reason and the remedy are said', async () => {
  writeFileSync(join(folder, 'file'), '')
  await expect(book({ out: join(folder, 'file', 'http.html') })).rejects.toThrow(
    'a file stands where a folder is needed',
  )
})
