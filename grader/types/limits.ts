/** So much of a message's content is kept; of what follows only its length and its SHA-256. */
export const KEPT_BYTES = 1024 * 1024

/** A message that has more content than this is cut off. */
export const LONGEST_CONTENT = 64 * 1024 * 1024

/**
 * A page without an announced length is cut off after so much: Chromium takes seconds to lay out
 * what an endless loop sends it.
 */
export const LONGEST_PAGE = 4 * 1024 * 1024

/**
 * A head that is longer than this is cut off, the interim responses before it included. Chromium
 * itself gives up at 256 kB (net/http/http_stream_parser.h, kMaxHeaderBufSize).
 */
export const LONGEST_HEAD = 1024 * 1024
