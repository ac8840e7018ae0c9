import { once } from 'node:events'
import { connect } from 'node:net'

/** Speaks HTTP over a socket that is closed each time, and leaves it as soon as the head says enough. */
class Sender {
  static readonly idempotent = /^(get|head|put|delete|options)$/i
  private sent = 0

  private readonly url: URL
  private readonly method: string
  private readonly headers: Record<string, string>
  private readonly body: string

  constructor(url: URL, method: string, headers: Record<string, string>, body: string) {
    this.url = url
    this.method = method
    this.headers = headers
    this.body = body
  }

  async run(tries: number, base: number, cap: number) {
    for (;;) {
      const answer = await this.once(++this.sent < tries).catch((error: Error) => error)
      const isLast = this.sent >= tries
      if (answer instanceof Error) {
        if (isLast || !this.isRepeatable()) throw answer
      } else if (isLast || !this.mayHelp(answer.status)) {
        return { status: answer.status, body: answer.body }
      }
      const random = Math.random() * Math.min(cap, base * Math.pow(2, this.sent - 1))
      const hint = answer instanceof Error ? undefined : answer.hint
      await sleepUntil(hint === undefined ? Date.now() + random : asTime(hint))
    }
  }

  private isRepeatable() {
    const names = Object.keys(this.headers).map((name) => name.toUpperCase())
    return Sender.idempotent.test(this.method) || names.includes('IDEMPOTENCY-KEY')
  }

  private mayHelp(status: number) {
    return status === 429 || (this.isRepeatable() && status > 501 && status < 505)
  }

  private async once(canRepeat: boolean) {
    const { hostname, port, host, pathname, search } = this.url
    const socket = connect(Number(port), hostname)
    const lines = [
      `${this.method} ${pathname}${search} HTTP/1.1`,
      `host: ${host}`,
      'connection: close',
    ]
    for (const [name, value] of Object.entries(this.headers))
      lines.push(`${name.toLowerCase()}:${value}`)
    if (this.body) lines.push(`content-length: ${Buffer.byteLength(this.body)}`)
    socket.write(`${lines.join('\r\n')}\r\n\r\n${this.body}`)
    let text = ''
    let head: RegExpExecArray | null = null
    try {
      for await (const piece of socket.setEncoding('latin1')) {
        text += piece
        head ??= /^HTTP\/1\.1 (\d+)[^]*?\r\n\r\n/.exec(text)
        if (head && canRepeat && this.mayHelp(Number(head[1]))) break
      }
    } finally {
      socket.destroy()
      if (!socket.closed) await once(socket, 'close')
    }
    if (head === null) throw new Error('the connection was closed before an answer')
    const field = (name: string) => new RegExp(`^${name}: *(.*)\r$`, 'im').exec(head[0])?.[1]
    const status = Number(head[1])
    const body = this.method === 'HEAD' ? '' : text.slice(head[0].length)
    const length = Number(field('content-length') ?? 0)
    const isWhole = this.method === 'HEAD' || body.length >= length
    if (!isWhole && !(canRepeat && this.mayHelp(status))) throw new Error('the answer broke off')
    return { status, body, hint: field('retry-after') }
  }
}

function asTime(hint: string): number {
  return hint.includes(',') ? new Date(hint).valueOf() : Date.now() + 1000 * +hint
}

/** In short naps, until the clock says so. */
async function sleepUntil(time: number) {
  while (Date.now() < time) await new Promise((wake) => setTimeout(wake, time - Date.now()))
}

export async function sendWithRetry(
  url: string,
  message: { method?: string; headers?: Record<string, string>; body?: string } = {},
  limits: { tries?: number; base?: number; cap?: number } = {},
) {
  const { method = 'GET', headers = {}, body = '' } = message
  const sender = new Sender(new URL(url), method, headers, body)
  return sender.run(limits.tries ?? 5, limits.base ?? 100, limits.cap ?? 2000)
}
