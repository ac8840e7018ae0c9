import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { findTemporaryFolderFault, inBytes } from './temporary-folder.ts'

let folder: string
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'folder-'))))
afterEach(() => {
  chmodSync(folder, 0o700)
  rmSync(folder, { recursive: true })
})

const roomy = () => ({ bytes: 1e9, files: 1e6 })
const faultOf = (path: string, free = roomy(), variable = 'TMPDIR') =>
  findTemporaryFolderFault(path, { [variable]: path }, () => free)

describe('the folder for temporary files', () => {
  it('is fine where it is a folder with room', () => {
    expect(faultOf(folder)).toBeNull()
    // Some file systems count no files.
    expect(faultOf(folder, { bytes: 20e6, files: Infinity })).toBeNull()
  })

  it.each([
    [0, 'nothing left'],
    [400, '400 bytes left'],
    [400_000, '400 kB left'],
    [1_048_576, '1 MB left'],
    [19_999_999, '19 MB left'],
  ])('is full with %d bytes', (bytes, left) => {
    const fault = faultOf(folder, { bytes, files: 1e6 })
    expect(fault?.message).toBe(`The temporary folder ${folder} is full (${left}).`)
    expect(fault?.remedy).toContain('20 MB')
  })

  it('is full when no file can be added', () => {
    expect(faultOf(folder, { bytes: 1e9, files: 3 })?.message).toContain('room for 3 more files')
  })

  it('is not there', () => {
    const fault = faultOf(join(folder, 'gone'))
    expect(fault?.message).toBe(
      `The temporary folder ${join(folder, 'gone')} (TMPDIR) is not there.`,
    )
    expect(fault?.remedy).toBe('Make it, or set TMPDIR to another folder, and run this again.')
  })

  it.each(['TMPDIR', 'TMP', 'TEMP'])('is named with the variable that chose it: %s', (variable) => {
    expect(faultOf(join(folder, 'gone'), roomy(), variable)?.message).toContain(`(${variable})`)
  })

  it('is a file, or lies in one', () => {
    writeFileSync(join(folder, 'file'), '')
    for (const path of ['file', 'file/within'])
      expect(faultOf(join(folder, path))?.message).toContain('is not a folder.')
  })

  it.each(['tmp', './tmp', '../tmp', '.'])('is not a whole path: %s', (path) => {
    const fault = faultOf(path)
    expect(fault?.message).toContain(`TMPDIR is ${path}.`)
    expect(fault?.remedy).toMatch(/TMPDIR=\//)
  })

  it.skipIf(process.getuid?.() === 0)('may not be written', () => {
    const closed = join(folder, 'closed')
    mkdirSync(closed, { mode: 0o500 })
    expect(faultOf(closed)?.message).toBe(
      `You may not write in the temporary folder ${closed} (TMPDIR).`,
    )
  })
})

it.each([
  [1.5e9, '1.5 GB'],
  [2e9, '2 GB'],
  [999e6, '999 MB'],
  [1e3, '1 kB'],
])('%d bytes are %s', (bytes, words) => {
  expect(inBytes(bytes)).toBe(words)
})
