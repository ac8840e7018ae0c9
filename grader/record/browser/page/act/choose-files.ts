import type { InputFile } from '../../../../types/page.ts'
import { mistake, type Call } from './act-on-page.ts'

/** @throws TypeError that names what of the files isn't right. */
export function asFiles(call: Call, files: InputFile | readonly InputFile[]) {
  return [files].flat().map((file: Partial<InputFile> | undefined, index) => {
    const { name, type, bytes } = file ?? {}
    const wrong = (what: string) =>
      mistake(
        call.at,
        `${call.name}: file ${index + 1} ${what}. A file is { name: 'a.txt', type: 'text/plain', bytes }.`,
      )
    if (typeof name !== 'string') throw wrong('has no name')
    if (typeof type !== 'string') throw wrong('has no type; give an empty one where it has none')
    if (!(bytes instanceof Uint8Array))
      throw wrong('has no bytes; text becomes bytes by Buffer.from(text)')
    return { name, type, base64: Buffer.from(bytes).toString('base64') }
  })
}

/** The source of a function that runs in the page: false when it takes fewer files. */
export const chooseInPage = `(input, files) => {
  if (files.length > 1 && !input.multiple) return false
  const transfer = new DataTransfer()
  for (const { name, type, base64 } of files)
    transfer.items.add(new File([Uint8Array.from(atob(base64), (each) => each.charCodeAt(0))], name, { type }))
  input.files = transfer.files
  input.dispatchEvent(new Event('input', { bubbles: true, composed: true }))
  input.dispatchEvent(new Event('change', { bubbles: true }))
  return true
}`
