import { scenario } from '#grader'

export const LIFETIME = 10
export const WATCHED = 15
/** Seconds around the end that count for nothing: a request is neither early nor late there. */
export const MARGIN = 0.5

export const firstAnswer = scenario('Chromium opens /start and looks into its jar', async ({ newPage }) => {
  const page = await newPage()
  const start = await page.open('/start')
  return { start: start.document, jar: await page.jar() }
})

export const fifteenSeconds = scenario('Requests go on for 15 seconds', async ({ newPage, watch, send }) => {
  const page = await newPage()
  const { document: start } = await page.open('/start')
  const jar = await page.jar()
  const pings = await watch({ path: '/ping', from: start, seconds: WATCHED, cookie: 'token', critical: [[LIFETIME - MARGIN - 1, LIFETIME + MARGIN + 1]] })
  const timeline = await send('/timeline')
  return { start, jar, pings, timeline, jarAfter: await page.jar() }
})

export const secondStart = scenario('Two seconds after a first visit /start is opened again, and a client without the cookie pings, too', async ({ newPage, wait, send, exchanges }) => {
  const page = await newPage()
  // By hand: a page would go on asking /ping while the second visit begins.
  await send('/start')
  await send('/ping')
  await wait(2)
  const { document: start } = await page.open('/start')
  await send('/ping')
  await wait(2.5)
  const timeline = await send('/timeline')
  // The page goes on asking: what left while the timeline was asked for may stand in it.
  return { start, pings: exchanges().filter(({ request, startedAt }) => request.path === '/ping' && startedAt >= (start?.startedAt ?? 0)), timeline }
})
