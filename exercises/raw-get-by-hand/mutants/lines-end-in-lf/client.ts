// Misconception: a line ends where a text editor ends it.
import { connect } from 'node:net'

/** Everything that `host` sends in answer to a GET for `target`, one character per byte. */
export function get(host: string, port: number, target: string): Promise<string> {
  // The last two make one empty line: the fields are over, and so is the request.
  const request = [
    `GET ${target} HTTP/1.1`,
    `Host: ${host}:${port}`,
    'Connection: close',
    '',
    '',
  ].join('\n')

  return new Promise((resolve, reject) => {
    const pieces: Buffer[] = []
    const socket = connect(port, host)
    // Bytes, not characters: a piece may end in the middle of one.
    socket.on('data', (piece: Buffer) => pieces.push(piece))
    // We asked for the close, so it is how we know that nothing more will come.
    socket.on('end', () => resolve(Buffer.concat(pieces).toString('latin1')))
    // Without this, a connection that is refused would end the whole program.
    socket.on('error', reject)
    // Writing before the connection stands is allowed: Node keeps it until then.
    socket.write(request, 'latin1')
  })
}
