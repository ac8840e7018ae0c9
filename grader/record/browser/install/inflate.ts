import {
  createReadStream,
  createWriteStream,
  mkdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { dirname, isAbsolute, join, normalize, sep } from 'node:path'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { brotliDecompressSync, createBrotliDecompress } from 'node:zlib'

const CHUNK = 1 << 20
const BLOCK = 512

export interface InflateOptions {
  /** Hears how much of the file is read, 0 to 1, at most 100 times. */
  readonly onFraction: (fraction: number) => void
  readonly signal?: AbortSignal
}

/** Decompresses a brotli file. */
export async function inflate(
  from: string,
  to: string,
  { onFraction, signal }: InflateOptions,
): Promise<void> {
  const total = statSync(from).size
  let read = 0
  let told = -1
  const count = new Transform({
    transform(chunk: Buffer, _encoding, callback) {
      read += chunk.length
      const percent = Math.floor((100 * read) / total)
      if (percent > told) onFraction((told = percent) / 100)
      callback(null, chunk)
    },
  })
  const source = createReadStream(from, { highWaterMark: CHUNK })
  const target = createWriteStream(to, { mode: 0o700 })
  await pipeline(
    source,
    count,
    createBrotliDecompress({ chunkSize: CHUNK }),
    target,
    signal ? { signal } : {},
  )
}

/**
 * Unpacks the plain files of a small brotli-compressed tar archive into `folder`. Links and devices
 * in it are left out.
 */
export function inflateTar(from: string, folder: string): void {
  for (const { name, executable, content } of tarFiles(brotliDecompressSync(readFileSync(from)))) {
    const path = join(folder, name)
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
    writeFileSync(path, content, { mode: executable ? 0o700 : 0o600 })
  }
}

export interface TarFile {
  readonly name: string
  readonly executable: boolean
  readonly content: Uint8Array
}

/**
 * The plain files of a tar archive (ustar). Throws on a name that leads out of the archive's
 * folder.
 */
export function tarFiles(archive: Buffer): TarFile[] {
  const files: TarFile[] = []
  for (let at = 0; at + BLOCK <= archive.length && archive[at] !== 0;) {
    const field = (offset: number, length: number) =>
      archive.toString('utf8', at + offset, at + offset + length).replace(/\0.*$/s, '')
    const size = Number.parseInt(field(124, 12), 8) || 0
    const type = field(156, 1)
    const name = normalize([field(345, 155), field(0, 100)].filter(Boolean).join('/'))
    if (isAbsolute(name) || name.split(sep).includes('..')) {
      throw new Error(`The archive holds a file outside its folder: ${name}`)
    }
    if (type === '' || type === '0') {
      const executable = (Number.parseInt(field(100, 8), 8) & 0o100) !== 0
      files.push({ name, executable, content: archive.subarray(at + BLOCK, at + BLOCK + size) })
    }
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK
  }
  return files
}
