/** What a visitor typed into the form. */
export interface Signature {
  name: string
  message: string
}

/**
 * Waits for the whole content of a request that a form has sent, and reads its two fields. Throws
 * when the visitor leaves in the middle of it.
 */
export async function readForm(request: AsyncIterable<Uint8Array>): Promise<Signature> {
  const pieces: Uint8Array[] = []
  for await (const piece of request) pieces.push(piece)
  const fields = new URLSearchParams(Buffer.concat(pieces).toString('utf8'))
  return { name: fields.get('name') ?? '', message: fields.get('message') ?? '' }
}
