import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { setTimeout } from 'node:timers/promises'

// In the style of serverless functions: a Request comes in, a Response goes out.
const notes: { text: string; id: string }[] = []

const routes: Readonly<Record<string, (request: Request) => Promise<Response> | Response>> = {
  'GET /notes': () => Response.json(notes),
  async 'POST /notes'(request) {
    const bytes = new Uint8Array(await request.arrayBuffer())
    if (bytes.length === 0) return new Response(null, { status: 400 })
    // As if a database had to be asked first.
    await setTimeout(20)
    const note = { text: new TextDecoder().decode(bytes), id: `n${notes.length}` }
    notes.push(note)
    const headers = { Location: `/notes?id=${note.id}#note` }
    return Response.json(note, { status: 201, headers })
  },
}

function handle(request: Request): Promise<Response> | Response {
  const { pathname, searchParams } = new URL(request.url)
  const id = searchParams.get('id')
  if (id !== null) {
    const note = notes.find((each) => each.id === id)
    return note ? Response.json(note) : new Response('gone', { status: 404 })
  }
  const route = routes[`${request.method} ${pathname}`]
  return route ? route(request) : new Response('unknown', { status: 404 })
}

async function serve(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const hasContent = incoming.method === 'POST'
  const request = new Request(`http://${incoming.headers.host}${incoming.url}`, {
    method: incoming.method!,
    body: hasContent ? ReadableStream.from(incoming) : null,
    ...(hasContent ? { duplex: 'half' } : {}),
  } as RequestInit)
  const response = await handle(request)
  outgoing.writeHead(response.status, [...response.headers].flat())
  // Late, and a few bytes at a time.
  const content = Buffer.from(await response.arrayBuffer())
  for (let start = 0; start < content.length; start += 100) {
    outgoing.write(content.subarray(start, start + 100))
    await setTimeout(2)
  }
  outgoing.end()
}

createServer((incoming, outgoing) => {
  serve(incoming, outgoing).catch(() => outgoing.destroy())
}).listen(Number(process.env.PORT), '127.0.0.1')
