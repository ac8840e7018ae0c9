import { createHash } from 'node:crypto'
import type { Response } from 'express'
import type { Html } from '../ui/html.ts'

export interface PageCache {
  /**
   * Sends the page that was made for this key before, or makes it. The key holds everything the
   * page depends on.
   */
  send(response: Response, key: readonly unknown[], make: () => Html | Promise<Html>): Promise<void>
}

interface KeptPage {
  readonly bytes: Buffer
  readonly tag: string
}

/**
 * Keeps the newest pages as the bytes that are sent, so that reading one again costs next to
 * nothing.
 */
export function createPageCache(most = 100): PageCache {
  const pages = new Map<string, KeptPage>()
  return {
    async send(response, parts, make) {
      const key = JSON.stringify(parts)
      let page = pages.get(key)
      if (!page) {
        page = asSent(String(await make()))
        if (pages.size >= most) pages.delete(pages.keys().next().value!)
        pages.set(key, page)
      }
      response
        .set({
          'Cache-Control': 'private, no-cache',
          'Content-Type': 'text/html; charset=utf-8',
          ETag: page.tag,
        })
        .send(page.bytes)
    },
  }
}

/** Weak: compressed on the way, the bytes are others. */
function asSent(text: string): KeptPage {
  const bytes = Buffer.from(text)
  return {
    bytes,
    tag: `W/"${createHash('sha256').update(bytes).digest('base64url').slice(0, 27)}"`,
  }
}
