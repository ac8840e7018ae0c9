import type { RequestListener } from 'node:http'

/** Answers under one name alone, so that no other name leads a page of another site here. */
export function answerUnder(host: () => string, answer: RequestListener): RequestListener {
  return (request, response) => {
    if (request.headers.host === host()) return answer(request, response)
    response
      .writeHead(403, { 'Content-Type': 'text/plain' })
      .end('This server does not answer under that name.\n')
  }
}
