import { field, isAnswered, type Exchange, type Kit } from '#grader'

/** Sends a request with JSON, or with no content. */
export type Ask = (method: string, path: string, content?: object) => Promise<Exchange | null>

/**
 * A client that opens a connection for each change, and then asks over the same one for as long as
 * the program keeps it. It may ask once more on another one where it was closed just then, because
 * GET is safe to repeat and a change isn't (RFC 9112 §9.3.1). It gives up when the first request
 * on a connection is not answered.
 */
export function createClient({ connect }: Pick<Kit, 'connect'>): Ask {
  let connection: Awaited<ReturnType<typeof connect>> | null = null
  let isGivenUp = false

  return async (method, path, content) => {
    if (isGivenUp) return null
    const headers = content ? ([['Content-Type', 'application/json']] as const) : []
    const body = content ? JSON.stringify(content) : method === 'POST' ? '' : undefined
    const request = { method, path, headers, ...(body !== undefined && { body }) }
    if (method !== 'GET') leave()
    const kept = connection
    connection ??= await connect()
    let exchange = await connection.request(request)
    if (kept && wasTooLate(exchange)) {
      connection = await connect()
      const again = await connection.request(request)
      // Of a program that has gone, the request that it went at tells more.
      exchange = again?.cut === 'refused' ? (exchange ?? again) : again
    }
    if (!kept && !isAnswered(exchange)) isGivenUp = true
    // Content that a 204 may not have can still be on its way.
    if (exchange?.response?.status === 204 && isClosing(exchange)) await connection.receive()
    const mayGoOn = isAnswered(exchange) && exchange?.extra === undefined && !isClosing(exchange)
    if (!mayGoOn || connection.record().ended !== null) leave()
    return exchange
  }

  function leave() {
    connection?.end()
    connection = null
  }
}

/** The program had closed the connection before it could read the request. */
function wasTooLate(exchange: Exchange | null): boolean {
  if (exchange === null) return true
  const { response, garbage, cut } = exchange
  return response === null && garbage === null && (cut === 'closed' || cut === 'reset')
}

function isClosing(exchange: Exchange | null): boolean {
  const options = field(exchange, 'Connection') ?? ''
  if (/\bclose\b/i.test(options)) return true
  const isOld = exchange?.response?.startLine.startsWith('HTTP/1.0') === true
  return isOld && !/\bkeep-alive\b/i.test(options)
}
