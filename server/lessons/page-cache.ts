import type { Response } from 'express'
import { compressOnce, type CompressedOnce } from '../http/compress-once.ts'
import type { Html } from '../ui/html.ts'

export interface PageCache {
  /**
   * Sends the page that was made for this key before, or makes it. The key holds everything the
   * page depends on.
   */
  send(response: Response, key: readonly unknown[], make: () => Html | Promise<Html>): Promise<void>
}

/**
 * Keeps the newest pages as the bytes that are sent, compressed, so that reading one again costs
 * next to nothing.
 */
export function createPageCache(most = 100): PageCache {
  const pages = new Map<string, CompressedOnce>()
  return {
    async send(response, parts, make) {
      const key = JSON.stringify(parts)
      let page = pages.get(key)
      if (!page) {
        page = compressOnce(Buffer.from(String(await make())))
        if (pages.size >= most) pages.delete(pages.keys().next().value!)
        pages.set(key, page)
      }
      response.set({
        'Cache-Control': 'private, no-cache',
        'Content-Type': 'text/html; charset=utf-8',
      })
      await page.send(response)
    },
  }
}
