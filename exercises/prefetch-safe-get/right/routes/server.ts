import http from 'node:http'

class Shop {
  readonly #names: Map<string, boolean>

  constructor(names: string) {
    this.#names = new Map(names.split(',').map((name) => [name, true]))
  }

  list(): string[] {
    return Array.from(this.#names).flatMap(([name, isThere]) => (isThere ? [name] : []))
  }

  remove(name: string): boolean {
    if (this.#names.get(name) !== true) return false
    this.#names.set(name, false)
    return true
  }
}

type Handler = (response: http.ServerResponse, name: string) => unknown

const shop = new Shop(process.env.ITEMS ?? '')

const routes: { path: RegExp; methods: Record<string, Handler> }[] = [
  { path: /^\/$/, methods: { GET: (response) => response.end(html(shop.list())) } },
  {
    path: /^\/items$/,
    methods: {
      GET: (response) =>
        response
          .writeHead(200, { 'content-type': 'application/json' })
          .end(JSON.stringify(shop.list())),
    },
  },
  {
    path: /^\/items\/(.+)\/delete$/,
    methods: {
      POST(response, name) {
        if (!shop.remove(name)) response.writeHead(200).end('It was gone before.')
        else response.writeHead(303, { location: '/' }).end()
      },
    },
  },
]

function html(names: string[]): string {
  const items = names.map(
    (name) => `<section id="${name}"><h2>${name}</h2>
      <button type="submit" formmethod="post" formaction="/items/${name}/delete">Delete</button>
      </section>`,
  )
  // The buttons say where they lead; one form is enough for all of them.
  return `<!doctype html><title>Items</title><form>${items.join('')}</form>`
}

http
  .createServer((request, response) => {
    const { pathname } = new URL(`http://localhost${request.url}`)
    for (const { path, methods } of routes) {
      const match = path.exec(pathname)
      if (match === null) continue
      const handler = methods[request.method ?? '']
      if (handler) return handler(response, match[1] ?? '')
      return response.writeHead(405, { allow: Object.keys(methods).join(', ') }).end()
    }
    return response.writeHead(404).end()
  })
  .listen(Number(process.env.PORT), '127.0.0.1')
