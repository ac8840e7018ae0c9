import {
  present,
  scenario,
  type BrowserRequest,
  type Exchange,
  type Kit,
  type SetUpKit,
} from '#grader'
import { added, asSent, chargesIn, chargesOf, isPost, paymentIn } from './answers.ts'

export const clicked = scenario(
  'A person clicks Pay once in Chromium, and the answer is lost on its way',
  {
    async record(kit) {
      const { newPage, send, exchanges, wire, random } = kit
      const amount = drawAmount(random)
      const page = await newPage()
      // From here on Chromium keeps a connection that it has used: only there it repeats a POST.
      const { document } = await page.open('/')
      await page.fill('#amount', String(amount))
      const lost = wire.cut({ when: isPost, at: 'before-response', how: 'reset' })
      await page.click('button')
      const shown = await page.until(SHOWN, (text) => /^(Paid|Not paid)/.test(text))
      const first = await lost.exchange()
      // Neither Chromium nor the page repeated it, which isn't the program's doing.
      const byGrader =
        first && exchanges().filter(isPost).length === 1 ? await send(again(first)) : null
      const posts = exchanges().filter(isPost)
      const asked = page.requests().filter(isAsked)
      const ledger = await ledgerInTheEnd(kit)
      return { amount, document, shown, posts, asked, byGrader, ledger }
    },
    facts: ({ amount, document, shown, posts, asked, byGrader, ledger }) => {
      present(document, 'GET /')
      const [first = null, repeat = null] = posts
      const silent = posts.length - asked.length
      return {
        amount,
        posts,
        first: present(first, 'POST /payments'),
        repeat,
        shown: byGrader ? null : shown,
        sentBy: posts.map((post, index) =>
          post === byGrader ? 'the grader, in its place' : sentBy(index, silent),
        ),
        paid: paymentIn(first),
        charges: chargesOf(amount, chargesIn(ledger)),
      }
    },
  },
)

export const copied = scenario(
  'A client sends copies of a payment, another payment, and payments to be refused',
  {
    async record(kit) {
      const { send, sendTogether, random } = kit
      const [amount, ofNobody, changed] = drawAmounts(random)
      const key = random.uuid()
      const both = await sendTogether([payment(amount, key), payment(amount, key)])
      const later = await send(payment(amount, key))
      const reused = await send(payment(changed, key))
      const withoutKey = await send(payment(ofNobody))
      const ledger = await ledgerInTheEnd(kit)
      const other = await send(payment(amount, `order-${random.token(12)}`))
      const sent = { both, later, reused, withoutKey, other }
      return { amount, ofNobody, changed, sent, ledger, ledgerAfterOther: await send('/ledger') }
    },
    facts: ({ amount, ofNobody, changed, sent, ledger, ledgerAfterOther }) => {
      const [one = null, two = null] = paidFirst(sent.both)
      const before = chargesIn(ledger)
      const after = chargesIn(ledgerAfterOther)
      return {
        amount,
        changed,
        ofNobody,
        one: asSent('one copy', present(one, 'POST /payments')),
        two: asSent('the other copy', two),
        later: asSent('a third copy, later', sent.later),
        reused: asSent('the same key, another amount', sent.reused),
        withoutKey: asSent('no key', sent.withoutKey),
        other: asSent('another key, the same amount', sent.other),
        charges: chargesOf(amount, before),
        chargesOfReused: chargesOf(changed, before),
        chargesWithoutKey: chargesOf(ofNobody, before),
        added: added(chargesOf(amount, before), chargesOf(amount, after)),
        ledgerAfterOther,
        listed: after,
      }
    },
  },
)

export const failing = scenario(
  'The bank fails at the first try, and the client tries again with the same key',
  {
    async record(kit) {
      const { send, random } = kit
      const amount = random.integer(10, 990) * 100 + 13
      const key = `"${random.uuid()}"`
      const first = await send(payment(amount, key))
      const second = await send(payment(amount, key))
      const third = await send(payment(amount, key))
      return { amount, first, second, third, ledger: await ledgerInTheEnd(kit) }
    },
    facts: ({ amount, first, second, third, ledger }) => ({
      amount,
      first: asSent('the first try', present(first, 'POST /payments')),
      second: asSent('the second try', second),
      third: asSent('a copy of the second try', third),
      charges: chargesOf(amount, chargesIn(ledger)),
    }),
  },
)

type Random = SetUpKit['random']

/** In cents. It ends in 5, so the bank can be reached, and no other payment has it by chance. */
function drawAmount(random: Random): number {
  return random.integer(100, 9900) * 10 + 5
}

/** Three of them, each another one. */
function drawAmounts(random: Random): readonly [number, number, number] {
  const first = drawAmount(random)
  return [first, first + random.integer(1, 9) * 10, first + random.integer(10, 19) * 10]
}

/**
 * The ledger, once everything is in it that was begun before: charges all take the same time, so
 * they are over when another one is that begins now.
 */
async function ledgerInTheEnd({ send, random }: Kit): Promise<Exchange | null> {
  await send(payment(random.integer(100, 9900) * 10 + 7, random.uuid()))
  return send('/ledger')
}

function payment(amount: number, key?: string) {
  const headers: [string, string][] = [['Content-Type', 'application/json']]
  if (key !== undefined) headers.push(['Idempotency-Key', key])
  return { method: 'POST', path: '/payments', headers, body: JSON.stringify({ amount }) }
}

/** The same request once more: what says how it is to be connected is `send`'s to write. */
function again({ request }: Exchange) {
  const headers = request.headers.filter(([name]) => !/^(host|connection)$/i.test(name))
  return { method: 'POST', path: request.target, headers, body: request.body }
}

/** What the given page says about the payment. */
const SHOWN = `document.querySelector('output')?.value ?? ''`

function isAsked({ method, url }: BrowserRequest): boolean {
  return method === 'POST' && new URL(url).pathname === '/payments'
}

/**
 * `silent`: how many POSTs crossed the wire that no script asked for. Chromium repeats by itself
 * before the script hears anything, so what comes later is the script's.
 */
function sentBy(index: number, silent: number): string {
  if (index === 0) return "the page's script"
  return index <= silent ? 'Chromium, by itself' : "the page's script, again"
}

/**
 * Of two that arrive together it is open which one is charged: the one that got a payment leads, or
 * of two payments the first.
 */
function paidFirst(both: readonly (Exchange | null)[]): readonly (Exchange | null)[] {
  const order = (exchange: Exchange | null) => paymentIn(exchange)?.paymentId ?? 'without'
  return both.toSorted((one, two) => order(one).localeCompare(order(two)))
}
