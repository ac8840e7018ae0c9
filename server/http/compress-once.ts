import { createHash } from 'node:crypto'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import type { Request, Response } from 'express'

/** Content that is sent again and again. Each content coding is made once, for the first client. */
export interface CompressedOnce {
  /**
   * Sends it in the best content coding that the client accepts, or answers 304 when the client has
   * it (RFC 9110 §12.5.3, §13.1.2). Sets ETag, Vary and Content-Encoding; the caller sets the rest.
   */
  send(response: Response): Promise<void>
}

type Coding = keyof typeof CODINGS

const CODINGS = {
  // A lesson takes a millisecond. Quality 11 would be 12 % smaller, and takes 30 times as long.
  br: (bytes: Buffer): Promise<Buffer> =>
    promisify(brotliCompress)(bytes, {
      params: {
        [constants.BROTLI_PARAM_QUALITY]: 5,
        [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
        [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
      },
    }),
  gzip: (bytes: Buffer): Promise<Buffer> => promisify(gzip)(bytes),
}

/** What fits into one packet gets there no sooner when it is smaller. Bytes. */
const WORTH_COMPRESSING = 1024

export function compressOnce(bytes: Buffer): CompressedOnce {
  // Weak: it names the content in every coding, and their bytes differ.
  const tag = `W/"${createHash('sha256').update(bytes).digest('base64url').slice(0, 27)}"`
  const made = new Map<Coding, Promise<Buffer>>()
  const inCoding = (coding: Coding): Promise<Buffer> => {
    const known = made.get(coding) ?? CODINGS[coding](bytes)
    made.set(coding, known)
    return known
  }
  return {
    async send(response) {
      response.set('ETag', tag).vary('Accept-Encoding')
      // Without Content-Encoding, which Express would leave in a 304: a cache that updates what it
      // has with the fields of the 304 could no longer decode it.
      if (response.req.fresh) return void response.status(304).end()
      const coding = bytes.length < WORTH_COMPRESSING ? null : codingFor(response.req)
      if (coding === null) return void response.send(bytes)
      response.set('Content-Encoding', coding).send(await inCoding(coding))
    },
  }
}

/**
 * Brotli before gzip, which is larger, in whatever order and with whatever weights the client names
 * them. Null: as it is, which a
 * client may have to take although it would rather not (RFC 9110 §12.5.3).
 */
function codingFor(request: Request): Coding | null {
  return (['br', 'gzip'] as const).find((coding) => request.acceptsEncodings(coding)) ?? null
}
