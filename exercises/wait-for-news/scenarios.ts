import { scenario, type Kit } from '#grader'

/** Longer than any scenario lasts: whoever waits is answered with an item or not at all. */
export const FOR_EVER = { environment: { WAIT_MS: '60000' } }
/**
 * For how long nothing may cross the wire, in seconds: no multiple of the intervals at which
 * programs look into a list.
 */
const SILENCE = 0.53
/**
 * After it a question that anybody can answer is asked: who was told at once was told before its
 * answer.
 */
const MOMENT = 0.25

export const threeWait = scenario('Chromium and two other clients wait, then somebody posts', {
  setUp: () => FOR_EVER,
  async record({ newPage, send, exchanges, wait, random }) {
    const text = `${random.word()} ${random.word()}`
    const page = await newPage()
    const { document: home } = await page.open('/')
    const others = Promise.all([send('/news?after=0'), send('/news?after=0')])
    const asked = () => exchanges().filter(({ request }) => request.target === '/news?after=0')
    await arrived(() => asked().length >= 3, wait)
    await wait(SILENCE)
    const post = await send(news(text))
    await wait(MOMENT)
    const next = await send('/')
    const shown = await page.until("document.querySelector('#news')?.innerText ?? ''", (news) =>
      news.includes(text),
    )
    const [first, second] = await others
    const late = await send('/news?after=0')
    return { text, home, post, next, shown, first, second, late, asked: asked() }
  },
})

export const manyItems = scenario('Four items are posted, and clients ask for different ones', {
  setUp: () => FOR_EVER,
  async record({ send, exchanges, wait, random }) {
    const texts = Array.from({ length: 4 }, () => random.word())
    await send(news(texts[0]!))
    await send(news(texts[1]!))
    const old = [await send('/news?after=0'), await send('/news?after=1')]
    const ahead = send('/news?after=3')
    await arrived(() => exchanges().length >= 5, wait)
    const next = send('/news?after=2')
    await arrived(() => exchanges().length >= 6, wait)
    await wait(0.1)
    const third = await send(news(texts[2]!))
    const nextItem = await next
    await wait(0.1)
    const fourth = await send(news(texts[3]!))
    return { texts, old, third, fourth, next: nextItem, ahead: await ahead }
  },
})

export const leaver = scenario('Two clients wait, and one of them hangs up before the post', {
  setUp: () => FOR_EVER,
  async record({ connect, send, exchanges, address, wait, random }) {
    const text = random.word()
    const gone = await connect()
    await gone.write(`GET /news?after=0 HTTP/1.1\r\nHost: ${new URL(address).host}\r\n\r\n`)
    await arrived(() => exchanges().length >= 1, wait)
    const stays = send('/news?after=0')
    await arrived(() => exchanges().length >= 2, wait)
    await wait(0.1)
    gone.reset()
    await wait(0.2)
    const post = await send(news(text))
    const stayed = await stays
    return { text, post, stayed, late: await send('/news?after=0') }
  },
})

export const timeOver = scenario('One client gets an item, another waits until its time is over', {
  setUp: ({ random }) => ({ environment: { WAIT_MS: String(random.integer(1600, 1900)) } }),
  async record({ send, exchanges, wait, random }, { environment: { WAIT_MS } }) {
    const text = random.word()
    const lucky = send('/news?after=0')
    await arrived(() => exchanges().length >= 1, wait)
    const unlucky = send('/news?after=99')
    await arrived(() => exchanges().length >= 2, wait)
    await wait(0.1)
    const post = await send(news(text))
    return {
      waitMs: Number(WAIT_MS),
      text,
      post,
      lucky: await lucky,
      unlucky: await unlucky,
      later: await send('/news?after=0'),
    }
  },
})

function news(text: string) {
  return {
    method: 'POST',
    path: '/news',
    headers: [['Content-Type', 'text/plain']],
    body: text,
  } as const
}

/** Requests cross the wire in an order of their own; what comes next waits for them. */
async function arrived(condition: () => boolean, wait: Kit['wait']): Promise<void> {
  for (let tries = 0; tries < 100 && !condition(); tries++) await wait(0.02)
}
