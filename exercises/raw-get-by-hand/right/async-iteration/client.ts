import { createConnection } from 'node:net'

export async function get(host: string, port: number, target: string): Promise<string> {
  const socket = createConnection({ host, port })
  socket.setEncoding('latin1')
  socket.write(`GET ${target} HTTP/1.1\r\nHost: ${host}:${port}\r\nConnection: close\r\n\r\n`)
  let answer = ''
  for await (const piece of socket) answer += piece
  return answer
}
