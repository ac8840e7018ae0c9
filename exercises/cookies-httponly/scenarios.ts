import { scenario, setCookie } from '#grader'

export const threeViews = scenario('Chromium logs in; the wire, the jar and the console are compared, then a script writes both cookies', async ({ newPage }) => {
  const page = await newPage()
  const { document: login } = await page.open('/login')
  const seen = await page.evaluate('document.cookie')
  const store = await page.evaluate('cookieStore.getAll().then((list) => list.map(({ name, value }) => `${name}=${value}`))')
  const storage = await page.evaluate('Object.keys(localStorage)')
  const jar = await page.jar()
  const me = await page.fetch('/me')
  await page.evaluate("document.cookie = 'theme=light'")
  const themed = await page.evaluate('document.cookie')
  await page.evaluate("document.cookie = 'session=stolen'")
  const meAgain = await page.fetch('/me')
  const scripted = await page.fetch('/login')
  return { login, seen, store, storage, jar, me: me.exchange, themed, meAgain: meAgain.exchange, scriptSaw: scripted.seen?.headers ?? [] }
})

export const goodbye = scenario('The visitor logs out, and somebody replays the old session', async ({ newPage, send }) => {
  const page = await newPage()
  const { document: login } = await page.open('/login')
  const session = setCookie(login, 'session')?.value ?? ''
  const before = await send({ path: '/me', headers: [['Cookie', `session=${session}`]] })
  const logout = await page.fetch('/logout', { method: 'POST' })
  const jar = await page.jar()
  const me = await page.fetch('/me')
  const replay = await send({ path: '/me', headers: [['Cookie', `session=${session}`]] })
  return { login, before, logout: logout.exchange, jar, me: me.exchange, replay }
})

export const twoPeople = scenario('Two visitors log in, each of them asks /me, and the first one logs out', async ({ newPage }) => {
  const ada = await newPage('the first visitor')
  const ben = await newPage('the second visitor')
  const { document: adaLogin } = await ada.open('/login')
  const { document: benLogin } = await ben.open('/login')
  const { exchange: adaAsks } = await ada.fetch('/me')
  await ada.fetch('/logout', { method: 'POST' })
  const { exchange: benAsks } = await ben.fetch('/me')
  return { adaLogin, benLogin, adaAsks, benAsks }
})
