import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { join } from 'node:path'
import type { BrowserContext, CDPSession } from 'puppeteer'
import { KEPT_BYTES, LONGEST_CONTENT } from '../../../../types/limits.ts'
import type { Download } from '../../../../types/seen-by-browser.ts'
import { ownFolder } from '../../own-folders.ts'
import type { TabAtWork } from '../tab-at-work.ts'

interface Saving {
  readonly guid: string
  readonly suggestedFilename: string
  readonly url: string
  state: 'inProgress' | 'completed' | 'canceled'
}

export interface Downloads {
  /** All of them, once there are as many as expected and none is under way. */
  all(expected: number): Promise<readonly Download[]>
}

/** Takes down what a tab saves as files. Their visitor saves them in `folder`. */
export function recordDownloads({ session, context, ask }: TabAtWork, folder: string): Downloads {
  const saved = new Map<string, Saving>()
  const listeners = new Set<() => void>()
  const changed = () => [...listeners].forEach((listener) => listener())
  session.on('Page.downloadWillBegin', ({ guid, suggestedFilename, url }) => {
    saved.set(guid, { guid, suggestedFilename, url, state: 'inProgress' })
    changed()
  })
  session.on('Page.downloadProgress', ({ guid, state, receivedBytes }) => {
    const saving = saved.get(guid)
    if (!saving) return
    saving.state = state
    if (state === 'inProgress' && receivedBytes > LONGEST_CONTENT)
      void session.send('Browser.cancelDownload', { guid, ...idOf(context) }).catch(() => {})
    changed()
  })
  return {
    async all(expected) {
      const { promise, resolve } = Promise.withResolvers<void>()
      const isOver = ({ state }: Saving) => state !== 'inProgress'
      const look = () => {
        if (saved.size >= expected && [...saved.values()].every(isOver)) resolve()
      }
      listeners.add(look)
      look()
      await ask(() => promise, undefined).finally(() => listeners.delete(look))
      return Promise.all([...saved.values()].map((each) => downloaded(each, folder)))
    },
  }
}

async function downloaded(
  { guid, suggestedFilename, url, state }: Saving,
  folder: string,
): Promise<Download> {
  const content = state === 'completed' ? await contentOf(join(folder, guid)) : NOTHING
  const end = state === 'inProgress' ? 'unfinished' : state
  return { kind: 'download', suggestedFilename, url, ...content, state: end }
}

/** In it are the folders for what visitors save. */
export const downloadFolders = ownFolder('downloads')

/** Has a visitor save files in a folder, for as long as the session that is given back is there. */
export async function saveDownloads(context: BrowserContext, folder: string): Promise<CDPSession> {
  const session = await context.browser().target().createCDPSession()
  await session.send('Browser.setDownloadBehavior', {
    behavior: 'allowAndName',
    downloadPath: folder,
    ...idOf(context),
  })
  return session
}

function idOf({ id }: BrowserContext): { browserContextId?: string } {
  return id === undefined ? {} : { browserContextId: id }
}

const NOTHING = { bytes: new Uint8Array() }

async function contentOf(file: string): Promise<Pick<Download, 'bytes' | 'rest'>> {
  const kept: Buffer[] = []
  const hash = createHash('sha256')
  let length = 0
  for await (const chunk of createReadStream(file) as AsyncIterable<Buffer>) {
    const room = Math.max(0, KEPT_BYTES - length)
    kept.push(chunk.subarray(0, room))
    hash.update(chunk.subarray(room))
    length += chunk.length
  }
  const bytes = new Uint8Array(Buffer.concat(kept))
  if (length <= KEPT_BYTES) return { bytes }
  return { bytes, rest: { bytes: length - KEPT_BYTES, sha256: hash.digest('hex') } }
}
