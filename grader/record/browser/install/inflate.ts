import { createReadStream, createWriteStream, statSync } from 'node:fs'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createBrotliDecompress } from 'node:zlib'
import { unpackTar } from 'modern-tar/fs'

const CHUNK = 1 << 20

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
 * Unpacks the plain files of a brotli-compressed tar archive into `folder`, for this user alone.
 * Links and devices in it are left out.
 * @throws Error when a name leads out of the folder, or the archive is damaged or cut off; the
 * signal's reason
 */
export async function inflateTar(
  from: string,
  folder: string,
  signal?: AbortSignal,
): Promise<void> {
  const files = unpackTar(folder, {
    strict: true,
    dmode: 0o700,
    filter: ({ type }) => type === 'file',
    map: (header) => ({ ...header, mode: (header.mode ?? 0) & 0o100 ? 0o700 : 0o600 }),
  })
  await pipeline(
    createReadStream(from),
    createBrotliDecompress({ chunkSize: CHUNK }),
    files,
    signal ? { signal } : {},
  )
}
