import express from 'express'
import { site } from './site.ts'

const app = express()

app.get('/blog/:slug', ({ params, originalUrl, protocol, host }, response) => {
  // A whole address works as well, if it is the one by which the visitor came.
  const address = new URL(originalUrl, `${protocol}://${host}`)
  address.pathname = `/articles/${params.slug}`
  response.redirect(308, address.href)
})

app.get('/today', (request, response) => {
  response.set('Cache-Control', 'no-cache').redirect(307, `/editions/${process.env.DATE}`)
})

app.post('/checkout', express.urlencoded(), (request, response) => {
  response.redirect(308, '/orders')
})

app.post('/login', express.urlencoded(), ({ body }, response) => {
  response.cookie('user', body.user, { httpOnly: true }).redirect(303, '/welcome')
})

app.use(site)

app.listen(Number(process.env.PORT), '127.0.0.1')
