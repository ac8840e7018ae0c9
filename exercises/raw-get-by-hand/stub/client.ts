import { connect } from 'node:net'

/** Everything that `host` sends in answer to a GET for `target`. */
export async function get(host: string, port: number, target: string): Promise<string> {
  const request = `${target}`
  const socket = connect(port, host)
  // TODO: Make a valid request out of the target, send it, and wait for the whole answer instead of
  // hanging up.
  socket.end(request)
  return ''
}
