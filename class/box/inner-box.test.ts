import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { inInnerBox } from './inner-box.ts'

// The box's own is at this place, whatever the machine's temporary folder.
let folder: string
beforeEach(() => void (folder = mkdtempSync('/tmp/roundtrip-inner-')))
afterEach(() => rmSync(folder, { recursive: true }))

test('what a program will read is a folder when it is not there yet, and else left as it is', () => {
  const [file, later] = [join(folder, 'script.mjs'), join(folder, 'certificates/of-a-run')]
  writeFileSync(file, '// here')
  const line = inInnerBox(['node', file], { dir: folder, reads: [file, folder, later, '/no/such'] })
  expect(statSync(file).isFile()).toBe(true)
  expect(statSync(later).isDirectory()).toBe(true)
  for (const path of [file, folder, later, '/no/such'])
    expect(line.join(' ')).toContain(`--ro-bind-try ${path} ${path}`)
})

test('Node is shown after what would hide it where the machine has it below /tmp', () => {
  const line = inInnerBox(['node'], { dir: folder, reads: [] }).join(' ')
  expect(line.indexOf(`--ro-bind ${process.execPath} `)).toBeGreaterThan(
    line.indexOf('--tmpfs /tmp'),
  )
})
