// Misconception: what a callback returns, the function around it returns.
import { connect } from 'node:net'

/** Everything that `host` sends in answer to a GET for `target`, one character per byte. */
export async function get(host: string, port: number, target: string): Promise<string> {
  // The last two make one empty line: the fields are over, and so is the request.
  const request = [
    `GET ${target} HTTP/1.1`,
    `Host: ${host}:${port}`,
    'Connection: close',
    '',
    '',
  ].join('\r\n')

  const pieces: Buffer[] = []
  const socket = connect(port, host)
  socket.on('data', (piece: Buffer) => pieces.push(piece))
  socket.on('end', () => {
    return Buffer.concat(pieces).toString('latin1')
  })
  socket.write(request, 'latin1')
  return Buffer.concat(pieces).toString('latin1')
}
