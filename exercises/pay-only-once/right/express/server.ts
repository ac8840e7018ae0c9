import compression from 'compression'
import express, { type Request } from 'express'
import { charge, ledger } from './bank.ts'
import { page } from './page.ts'

// Answers that were given are kept whole. While the first copy is charged, others get 409.
const answers = new Map<string, { status: number; content: object }>()
const contents = new Map<string, string>()
const underWay = new Set<string>()

const app = express()
app.use(compression({ threshold: 0 }))
app.use(express.json())

app.get('/', (request, response) => {
  response.send(page)
})
app.get('/ledger', (request, response) => {
  response.json(ledger())
})

app.post('/payments', async (request, response) => {
  const key = keyOf(request)
  if (!key) return response.status(400).json({ title: 'Idempotency-Key is missing' })
  const content = JSON.stringify(request.body)
  if (contents.has(key) && contents.get(key) !== content)
    return response.status(422).json({ title: 'Idempotency-Key is already used' })
  if (underWay.has(key))
    return response.status(409).json({ title: 'A request is outstanding for this Idempotency-Key' })

  const kept = answers.get(key)
  if (kept)
    return response.set('Idempotent-Replayed', 'true').status(kept.status).json(kept.content)

  underWay.add(key)
  contents.set(key, content)
  try {
    const payment = await charge(request.body.amount)
    answers.set(key, { status: 201, content: payment })
    return response.status(201).location(`/payments/${payment.paymentId}`).json(payment)
  } catch {
    contents.delete(key)
    return response.status(503).set('Retry-After', '1').json({ title: 'Try again' })
  } finally {
    underWay.delete(key)
  }
})

/** With its quotes or without them, it is the same key. */
function keyOf(request: Request): string | undefined {
  return request.get('Idempotency-Key')?.replace(/^"(.*)"$/, '$1')
}

app.listen(Number(process.env.PORT), '127.0.0.1')
