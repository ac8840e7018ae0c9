import {
  brotliDecompressSync,
  constants,
  inflateRawSync,
  inflateSync,
  zstdDecompressSync,
} from 'node:zlib'
import { headers } from '../../types/helpers/header-fields.ts'
import type { Message } from '../../types/index.ts'
import { trimBlanks } from '../../types/helpers/blanks.ts'

/** Content without its codings, or a sentence for the learner on why Chromium cannot read it. */
export type Content = { readonly bytes: Uint8Array } | { readonly problem: string }

/** More than this is not decoded. */
const MOST_MEGABYTES = 16

const LIMIT = { maxOutputLength: MOST_MEGABYTES * 1024 * 1024 }

/**
 * Undoes what Content-Encoding names (RFC 9110 §8.4), as Chromium 153 does (measured): a list with
 * a coding that it does not know, `identity` and an empty one among them, is not decoded at all; a
 * name with a parameter or in quotes fails; content that was cut off is read as far as it came, and
 * the checksums of gzip are not looked at.
 */
export function decodeContent(message: Pick<Message, 'headers' | 'body'>): Content {
  const { body } = message
  const lines = headers(message.headers, 'Content-Encoding')
  const codings = lines.flatMap((line) => line.split(',')).map(trimBlanks)
  const malformed = codings.find((coding) => /[\s;="]/.test(coding))
  if (malformed !== undefined)
    return {
      problem: `Your answer says Content-Encoding: ${malformed}, which isn't the name of a coding: a name such as gzip has no parameters, quotes or spaces.`,
    }
  const names = codings.map((coding) => coding.toLowerCase())
  if (!names.every((name) => Object.hasOwn(DECODERS, name))) return { bytes: body }
  return names.toReversed().reduce<Content>(decode, { bytes: body })
}

function decode(content: Content, name: string): Content {
  // Chromium decodes nothing when nothing came.
  if ('problem' in content || content.bytes.length === 0) return content
  try {
    return { bytes: DECODERS[name]!(content.bytes) }
  } catch (error) {
    const isTooLong = (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE'
    return {
      problem: isTooLong
        ? `Your answer says Content-Encoding: ${name}, and decoded its content is longer than ${MOST_MEGABYTES} MB: more than is read here.`
        : `Your answer says Content-Encoding: ${name}, but its content isn't ${name}.`,
    }
  }
}

/** Each throws at bytes that are not in its coding. */
const DECODERS: Record<string, (bytes: Uint8Array) => Uint8Array> = {
  gzip: decodeGzip,
  'x-gzip': decodeGzip,
  deflate: decodeDeflate,
  br: (bytes) =>
    brotliDecompressSync(bytes, { ...LIMIT, finishFlush: constants.BROTLI_OPERATION_FLUSH }),
  zstd: decodeZstd,
}

const UNTIL_CUT = { ...LIMIT, finishFlush: constants.Z_SYNC_FLUSH }

/** The first member; what follows it is not read, nor is its checksum. */
function decodeGzip(bytes: Uint8Array): Uint8Array {
  const end = endOfGzipHead(bytes)
  return end === undefined ? new Uint8Array() : inflateRawSync(bytes.subarray(end), UNTIL_CUT)
}

/** RFC 1952 §2.3. Undefined when the bytes end within the head. */
function endOfGzipHead(bytes: Uint8Array): number | undefined {
  for (const [index, byte] of [0x1f, 0x8b, 8].entries())
    if (index < bytes.length && bytes[index] !== byte) throw new Error('not gzip')
  if (bytes.length < 10) return undefined
  const flags = bytes[3]!
  let at = 10
  if (flags & 4) at += 2 + ((bytes[10] ?? 0) | ((bytes[11] ?? 0) << 8))
  // The file's name, then a comment, each up to a zero byte.
  for (const flag of [8, 16]) {
    if (!(flags & flag)) continue
    const zero = bytes.indexOf(0, at)
    if (zero === -1) return undefined
    at = zero + 1
  }
  if (flags & 2) at += 2
  return at > bytes.length ? undefined : at
}

/**
 * The name stands for zlib (RFC 9110 §8.4.1.2). Browsers also take the bare deflate that some
 * servers send under it, and then nothing may follow.
 */
function decodeDeflate(bytes: Uint8Array): Uint8Array {
  try {
    return inflateSync(bytes, UNTIL_CUT)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw error
  }
  const { buffer, read } = withCount(inflateRawSync, bytes, UNTIL_CUT)
  if (read < bytes.length) throw new Error('bytes after the end of the content')
  return buffer
}

/** So many frames are read, so that a body of empty ones takes no time. */
const MOST_FRAMES = 1000

/** Frame after frame (RFC 8878 §3); whatever follows has to be one, too. */
function decodeZstd(bytes: Uint8Array): Uint8Array {
  const frames: Uint8Array[] = []
  let length = 0
  for (let at = 0; at < bytes.length && frames.length < MOST_FRAMES;) {
    const options = {
      maxOutputLength: Math.max(1, LIMIT.maxOutputLength - length),
      finishFlush: constants.ZSTD_e_flush,
    }
    const { buffer, read } = withCount(zstdDecompressSync, bytes.subarray(at), options)
    frames.push(buffer)
    length += buffer.length
    at += Math.max(1, read)
  }
  return Buffer.concat(frames)
}

/** With how many bytes were read until the end of the content. Node's types lack this. */
function withCount<Options extends object>(
  decompress: (bytes: Uint8Array, options: Options) => Uint8Array,
  bytes: Uint8Array,
  options: Options,
): { buffer: Uint8Array; read: number } {
  const { buffer, engine } = decompress(bytes, { ...options, info: true }) as unknown as {
    buffer: Uint8Array
    engine: { bytesWritten: number }
  }
  return { buffer, read: engine.bytesWritten }
}
