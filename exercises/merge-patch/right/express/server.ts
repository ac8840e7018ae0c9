import express, { type ErrorRequestHandler, type RequestHandler } from 'express'

const MERGE_PATCH = 'application/merge-patch+json'
const documents: Record<string, unknown> = {}

const app = express()

const announce: RequestHandler = (_request, response, next) => {
  response.set('Accept-Patch', MERGE_PATCH)
  next()
}

const checkType: RequestHandler = (request, response, next) => {
  if (request.is(MERGE_PATCH)) next()
  else response.status(415).json({ title: 'Unsupported Media Type' })
}

app
  .route('/settings/:user')
  .all(announce)
  .get(({ params }, response) => {
    if (params.user in documents) response.json(documents[params.user])
    else response.sendStatus(404)
  })
  .put(express.json({ strict: false }), ({ params, body }, response) => {
    documents[params.user] = body
    response.sendStatus(204)
  })
  .patch(
    checkType,
    express.json({ type: MERGE_PATCH, strict: false }),
    ({ params, body }, response) => {
      // Members are written into a copy, which becomes the document when all went well.
      documents[params.user] = apply(structuredClone(documents[params.user]), body)
      response.json(documents[params.user])
    },
  )
  .options((_request, response) => {
    response.set('Allow', 'GET, HEAD, PUT, PATCH, OPTIONS').sendStatus(200)
  })

const failed: ErrorRequestHandler = (error, _request, response, _next) => {
  response.status(error.status ?? 500).json({ title: error.message })
}
app.use(failed)

function apply(target: any, patch: any): unknown {
  if (patch === null || typeof patch !== 'object' || Array.isArray(patch)) return patch
  if (target === null || typeof target !== 'object' || Array.isArray(target)) target = {}
  for (const name in patch) {
    if (name === '__proto__') continue
    if (patch[name] === null) delete target[name]
    else target[name] = apply(Object.hasOwn(target, name) ? target[name] : undefined, patch[name])
  }
  return target
}

app.listen(Number(process.env.PORT), '127.0.0.1')
