import http from 'node:http'
import { setTimeout } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'

abstract class Answer {
  abstract readonly status: number
  readonly allow: string | undefined

  abstract write(isProgram: boolean): { type: string; content: string }
}

class Article extends Answer {
  readonly status = 200
  readonly slug: string
  constructor(slug: string) {
    super()
    this.slug = slug
  }
  override write() {
    return { type: 'Text/HTML', content: `<body><main>${this.slug}</main></body>` }
  }
}

class Problem extends Answer {
  readonly status: number
  readonly detail: string
  override readonly allow: string | undefined
  constructor(status: number, detail: string, allow?: string) {
    super()
    this.status = status
    this.detail = detail
    this.allow = allow
  }
  override write(isProgram: boolean) {
    const { status, detail } = this
    if (!isProgram)
      return {
        type: 'text/html;charset="utf-8"',
        content: `<p>${detail}</p><small>${status}</small>`,
      }
    const document = { instance: '#1', detail, status, title: detail.slice(0, 5), balance: 30 }
    return {
      type: 'application/problem+json; charset=utf-8',
      content: JSON.stringify(document, null, 2),
    }
  }
}

// One table of everything that was ever there.
const shelf = new Map<string, 'published' | 'removed'>([
  ...process.env['SLUGS']!.split(',').map((slug) => [slug, 'published'] as const),
  ...process.env['REMOVED']!.split(',').map((slug) => [slug, 'removed'] as const),
])

function answer(method = '', target = ''): Answer {
  // Takes the dots out of a path.
  const [, folder, slug, ...more] = new URL(target, 'http://magazine.invalid').pathname.split('/')
  if (folder !== 'articles' || slug === undefined)
    return new Problem(404, 'This part of the magazine does not exist.')
  if (more.length > 0 || slug.replace(/[a-z\d-]/g, '') !== '')
    return new Problem(400, 'Somebody has mistyped the address of an article.')
  const state = shelf.get(slug)
  if (state === 'removed') return new Problem(410, 'The article was taken out of the magazine.')
  if (state === undefined) return new Problem(404, 'The magazine has no such article.')
  if (['GET', 'HEAD', 'OPTIONS'].includes(method)) return new Article(slug)
  return new Problem(405, `Nobody can ${method} an article here.`, 'GET, HEAD, OPTIONS')
}

http
  .createServer(async (request, response) => {
    const isProgram = /application\/(problem\+)?json/i.test(request.headers.accept ?? '')
    const given = answer(request.method, request.url)
    const { type, content } = given.write(isProgram)
    // Late, in pieces, and compressed.
    await setTimeout(10)
    if (given.allow) response.setHeader('allow', given.allow)
    response.writeHead(given.status, { 'content-type': type, 'content-encoding': 'gzip' })
    for (const byte of gzipSync(content)) response.write(Uint8Array.of(byte))
    response.end()
  })
  .listen(Number(process.env['PORT']), '127.0.0.1')
