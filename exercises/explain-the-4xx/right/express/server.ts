import express, { type ErrorRequestHandler } from 'express'

const slugs = process.env.SLUGS!.split(',')
const removed = process.env.REMOVED!.split(',')

class Failure extends Error {
  readonly status: number
  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

const app = express()
app.set('case sensitive routing', true)

app
  .route('/articles/:slug')
  .all(({ params: { slug } }, _response, next) => {
    if (/[^a-z0-9-]/.test(slug)) throw new Failure(400, `${slug} isn't the slug of an article.`)
    if (removed.includes(slug)) throw new Failure(410, `${slug} was removed.`)
    if (!slugs.includes(slug)) throw new Failure(404, `We never had an article called ${slug}.`)
    next()
  })
  .get(({ params: { slug } }, response) => void response.send(`<p>This is ${slug}.`))
  .all((_request, response) => {
    response.set('Allow', 'HEAD,GET')
    throw new Failure(405, 'Articles are for reading.')
  })

app.use(() => {
  throw new Failure(404, 'There are articles here and nothing else.')
})

const explain: ErrorRequestHandler = ({ status = 500, message }, _request, response, _next) => {
  const title = `Error ${status}`
  response.status(status).format({
    html: () => response.send(`<h1>${title}</h1><p>${escaped(message)} Sorry about that.</p>`),
    'application/problem+json': () =>
      response.send({ type: 'about:blank', title, status, detail: message }),
    json: () => response.type('application/problem+json').send({ title, status, detail: message }),
  })
}
app.use(explain)

app.listen(Number(process.env.PORT), '127.0.0.1')

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
}
