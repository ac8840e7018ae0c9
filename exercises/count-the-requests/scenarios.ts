import { scenario } from '#grader'

export const visits = scenario('Chromium opens the page, comes back with a query, and a second visitor follows', async ({ newPage, send, exchanges, random }) => {
  const page = await newPage('the first visitor')
  const visit = await page.open('/')
  const color = await page.evaluate("getComputedStyle(document.querySelector('h1') ?? document.body).color")
  const title = await page.evaluate('document.title')
  const width = await page.evaluate("document.querySelector('img')?.naturalWidth ?? 0")
  const again = await page.open(`/?from=${random.word()}`)
  const againTitle = await page.evaluate('document.title')
  await send({ method: 'POST', path: `/${random.word()}/${random.word()}?page=${random.integer(2, 9)}`, body: random.word() })
  // A browser without a window does not ask for it by itself.
  await send('/favicon.ico')
  const log = await send('/log')
  const { exchange: samePlaceLog } = await page.fetch('/log')
  const wire = exchanges({ icons: true })
  const stranger = await newPage('the second visitor')
  const secondVisit = await stranger.open('/')
  const laterLog = await send('/log')
  return { visit: visit.document, color, title, width, again: again.document, againTitle, log, samePlaceLog, wire, secondVisit: secondVisit.document, laterLog, laterWire: exchanges({ icons: true }) }
})
