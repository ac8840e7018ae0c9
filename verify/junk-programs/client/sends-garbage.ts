// Connects to whatever host and port it is given and sends bytes that are no HTTP.
import { connect } from 'node:net'

export default function any(...args: unknown[]) {
  const text = args.join(' ')
  const port = Number(/\b(\d{4,5})\b/.exec(text)?.[1])
  if (!port) return 'garbage'
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () =>
      socket.end(Buffer.from([0, 255, 13, 7, 10, 13, 10])),
    )
    socket
      .on('close', () => resolve('garbage'))
      .on('error', () => resolve('garbage'))
      .resume()
  })
}
