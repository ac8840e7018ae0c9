import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { FolderContents, SetUpKit } from '../types/kit.ts'
import { ownFolder } from './browser/own-folders.ts'

const parent = ownFolder('folders')

/** Where the folders of set-ups are; learners' programs may read in it and nowhere beside it. */
export const setUpFolders = parent.path

/** Makes folders for those who work side by side with a program, and removes them afterwards. */
export function createFolders(): { create: SetUpKit['folder']; discard: () => void } {
  const removals: (() => void)[] = []
  return {
    async create(contents) {
      for (const [name, content] of Object.entries(contents)) requireUsable(name, content)
      const { path: folder, remove } = parent.makeWithin()
      removals.push(remove)
      for (const [name, content] of Object.entries(contents)) write(folder, name, content)
      return folder
    },
    discard: () => removals.splice(0).forEach((remove) => remove()),
  }
}

/** @throws Error, which names what the author may write. */
function requireUsable(name: string, content: FolderContents[string]): void {
  const shown = JSON.stringify(name)
  if (
    name.split('/').some((part) => part === '' || part === '.' || part === '..') ||
    /[\\\0]/.test(name)
  )
    throw new Error(
      `folder() was given the name ${shown}. Name what is in it, with / between folders: 'docs/a.txt'.`,
    )
  const isLink =
    typeof content === 'object' && 'link' in content && typeof content.link === 'string'
  if (typeof content !== 'string' && !(content instanceof Uint8Array) && !isLink)
    throw new Error(
      `folder() was given no content for ${shown}. Give it a text, bytes, or { link: 'where it leads' }.`,
    )
}

function write(folder: string, name: string, content: FolderContents[string]): void {
  const path = join(folder, name)
  try {
    mkdirSync(dirname(path), { recursive: true })
    if (typeof content === 'object' && 'link' in content) symlinkSync(content.link, path)
    else writeFileSync(path, content, { flag: 'wx' })
  } catch (cause) {
    const isTaken = ['EEXIST', 'ENOTDIR', 'EISDIR'].includes((cause as NodeJS.ErrnoException).code!)
    if (!isTaken) throw cause
    throw new Error(`folder() was given ${JSON.stringify(name)} both as a file and as a folder.`, {
      cause,
    })
  }
}
