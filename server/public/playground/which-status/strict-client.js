// The client of "Which status?": sends a request, and then does what a client may do after the
// status that came, by the fields that came with it.

/**
 * @typedef {{ method: string, path: string, authorization: string | null, type: string | null,
 *   content: string | null, written: string | null,
 *   data: Record<string, string | number> | null }} Sent
 * @typedef {{ does: string, next?: Sent, waitMs?: number }} Reaction
 */

/**
 * Sends a request, and once more when the answer says what to change. Tells each step as it
 * happens.
 * @param {string} shop @param {Sent} sent @param {(step: string) => void} tell
 * @param {AbortSignal} signal
 */
export async function actOn(shop, sent, tell, signal) {
  const first = await send(shop, sent, tell, signal)
  const { does, next, waitMs = 0 } = reactTo(first, sent)
  tell(does)
  if (!next) return
  await new Promise((resolve) => setTimeout(resolve, waitMs))
  const second = await send(shop, next, tell, signal)
  tell(
    second.ok
      ? 'That worked.'
      : 'The same answer came again. The client gives up, and tells Ada so.',
  )
}

/** @param {string} shop @param {Sent} sent @param {(step: string) => void} tell @param {AbortSignal} signal */
async function send(shop, { method, path, authorization, type, content }, tell, signal) {
  tell(`The client sends ${method} ${path}.`)
  const answer = await fetch(shop + path, {
    method,
    signal,
    cache: 'no-store',
    headers: {
      ...(authorization !== null && { Authorization: authorization }),
      ...(type !== null && { 'Content-Type': type }),
    },
    ...(content !== null && { body: content }),
  })
  const told = ['WWW-Authenticate', 'Allow', 'Accept', 'Retry-After'].flatMap((name) => {
    const value = answer.headers.get(name)
    return value === null ? [] : `${name}: ${value}`
  })
  tell(`The shop answers ${[answer.status, ...told].join(', ')}.`)
  return answer
}

/** @param {Response} answer @param {Sent} sent @returns {Reaction} */
function reactTo({ status, headers }, sent) {
  const { data } = sent
  switch (status) {
    case 400:
      return sent.written === sent.content
        ? {
            does: 'It looks for a slip in how the request is written, and finds none. It gives up.',
          }
        : {
            does: 'It finds a slip in how the content is written, and corrects it.',
            next: { ...sent, content: sent.written },
          }
    case 401:
      return {
        does: 'It asks Ada to log in, and adds her token.',
        next: { ...sent, authorization: 'Bearer ada' },
      }
    case 403:
      return { does: 'It says that this isn’t allowed. It changes nothing, and stops.' }
    case 404:
      return { does: 'It says that nothing is there. It keeps the link, and stops.' }
    case 405: {
      const methods = (headers.get('Allow') ?? '').split(', ')
      return methods.includes(sent.method)
        ? { does: 'Allow names the method that it has used. It gives up.' }
        : {
            does: `It reads Allow, and uses ${methods[0]}.`,
            next: { ...sent, method: methods[0] ?? sent.method },
          }
    }
    case 409:
      return data && 'name' in data
        ? {
            does: 'It looks at what the shop has by now, and takes a name that is free.',
            next: withData(sent, { ...data, name: `${data.name}2` }),
          }
        : { does: 'It looks for what stands in its way, and finds nothing. It gives up.' }
    case 410:
      return { does: 'It deletes its link to this address. It will never ask for it again.' }
    case 413:
      return data && String(data.text ?? '').length > 100
        ? {
            does: 'It shortens its text.',
            next: withData(sent, { ...data, text: String(data.text).slice(0, 100) }),
          }
        : { does: 'It looks for what it could leave out, and finds nothing. It gives up.' }
    case 415: {
      const wanted = headers.get('Accept')
      return wanted === null || sent.type === null || sent.type === wanted
        ? { does: 'It has no other kind of content to send. It gives up.' }
        : {
            does: `It reads Accept, and sends the same as ${wanted}.`,
            next: withData({ ...sent, type: wanted }, data ?? {}),
          }
    }
    case 422: {
      const wrong = Object.entries(data ?? {}).find(([, value]) => Number(value) < 0)
      return wrong
        ? {
            does: `It checks its values, and corrects ${wrong[0]}.`,
            next: withData(sent, { ...data, [wrong[0]]: Math.abs(Number(wrong[1])) }),
          }
        : { does: 'It checks its values, and finds nothing to correct. It gives up.' }
    }
    case 429: {
      const seconds = Number(headers.get('Retry-After'))
      return {
        does: `It waits as Retry-After says: ${seconds} s.`,
        next: sent,
        // A timer may be a little early.
        waitMs: seconds * 1000 + 50,
      }
    }
    default:
      return { does: 'It takes this as success, and shows what came.' }
  }
}

/** @param {Sent} sent @param {Record<string, string | number>} data @returns {Sent} */
function withData(sent, data) {
  const content = JSON.stringify(data)
  return { ...sent, content, written: content, data }
}
