import * as net from 'node:net'

export const get = async (host: string, port: number, target: string) =>
  new Promise<string>((resolve, reject) => {
    const bytes: number[] = []
    const client = net.connect({ host, port }, () => {
      // This side has nothing more to say. The other one may go on.
      client.end(request(host, port, target))
    })
    client
      .on('data', (piece: Buffer) => bytes.push(...piece))
      .on('error', reject)
      .on('close', () => resolve(String.fromCharCode(...bytes)))
  })

function request(host: string, port: number, target: string): Uint8Array {
  const fields = {
    host: `${host}:${port}`,
    'user-agent': 'probe/1.0',
    accept: '*/*',
    connection: 'Close',
  }
  const lines = Object.entries(fields).map(([name, value]) => `${name}:${value}\r\n`)
  return Buffer.from(`GET ${target} HTTP/1.1\r\n${lines.join('')}\r\n`, 'ascii')
}
