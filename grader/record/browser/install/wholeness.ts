import { createHash } from 'node:crypto'
import { createReadStream, readdirSync, readFileSync } from 'node:fs'
import { join, sep } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { writeFileAtomically } from '../../../../course/files/write-file.ts'

/** Lies in the folder of a browser that was installed. */
const DIGEST = 'roundtrip-digest'

/** Keeps what the folder of a browser holds now, so that damage can be found later. */
export async function rememberWhole(folder: string): Promise<void> {
  writeFileAtomically(join(folder, DIGEST), `${await digestOf(folder)}\n`)
}

/** `unknown`: installed by something else, or not at all. */
export async function wholenessOf(folder: string): Promise<'whole' | 'damaged' | 'unknown'> {
  let kept: string
  try {
    kept = readFileSync(join(folder, DIGEST), 'utf8').trim()
  } catch {
    return 'unknown'
  }
  const now = await digestOf(folder).catch(() => null)
  return now === kept ? 'whole' : 'damaged'
}

/** SHA-256 over the names and contents of all files. 200 MB take less than a second. */
async function digestOf(folder: string): Promise<string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== DIGEST)
    .map(({ parentPath, name }) => join(parentPath, name))
    .toSorted()
  const all = createHash('sha256')
  for (const file of files) {
    const one = createHash('sha256')
    await pipeline(createReadStream(file), one)
    all.update(`${file.slice(folder.length).split(sep).join('/')}\n${one.digest('hex')}\n`)
  }
  return all.digest('hex')
}
