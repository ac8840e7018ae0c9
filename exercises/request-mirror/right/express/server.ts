import { parse } from 'node:querystring'
import express, { type Request } from 'express'

const app = express()
app.use(express.raw({ type: () => true, inflate: false, limit: '10mb' }))

app.use((request, response) => {
  const [, authority, encodedPath = '', query = ''] =
    /^(?:https?:\/\/([^/?]*))?([^?]*)\??(.*)$/i.exec(request.originalUrl) ?? []
  let path: string
  try {
    path = decodeURIComponent(encodedPath)
  } catch {
    response.status(400).type('text').send('Bad path\n')
    return
  }
  response.json({
    method: request.method,
    path: path || '/',
    query: listsOf(query),
    host: authority ?? request.get('Host'),
    headers: fieldsOf(request),
    bodyLength: Buffer.isBuffer(request.body) ? request.body.length : 0,
  })
})

app.listen(Number(process.env.PORT), '127.0.0.1')

function listsOf(query: string) {
  return Object.fromEntries(
    Object.entries(parse(query)).map(([name, value]) => [name, [value].flat()]),
  )
}

function fieldsOf({ rawHeaders }: Request) {
  const fields: Record<string, string> = {}
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index]!.toLowerCase()
    const value = rawHeaders[index + 1]!
    fields[name] = name in fields ? `${fields[name]}, ${value}` : value
  }
  return fields
}
