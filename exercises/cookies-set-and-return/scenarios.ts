import { scenario } from '#grader'

export const roundTrip = scenario('Chromium opens /login, then /whoami, then an address a few folders deep', async ({ newPage, random }) => {
  const page = await newPage()
  const login = await page.open('/login')
  const jar = await page.jar()
  const whoami = await page.open('/whoami')
  const deep = await page.open(`/${random.word()}/${random.word()}/${random.word()}`)
  return { login: login.document, jar, whoami: whoami.document, deep: deep.document }
})

export const twoVisitors = scenario('A second visitor comes with an empty jar, logs in too, and both ask /whoami', async ({ newPage, send, random }) => {
  const ada = await newPage('the first visitor')
  const ben = await newPage('the second visitor')
  const adaLogin = await ada.open('/login')
  const stranger = await ben.open('/whoami')
  const benLogin = await ben.open('/login')
  const adaAsks = await ada.open('/whoami')
  const benAsks = await ben.open('/whoami')
  const empty = await send({ path: '/whoami', headers: [['Cookie', `session=; lang=${random.word()}`]] })
  return {
    adaLogin: adaLogin.document,
    benLogin: benLogin.document,
    stranger: stranger.document,
    adaAsks: adaAsks.document,
    benAsks: benAsks.document,
    empty,
  }
})

export const neighbours = scenario('Other cookies join yours, and a client that is no browser sends unusual spaces', async ({ newPage, send, random }) => {
  const page = await newPage()
  const decoy = random.token()
  // In the jar before the login: of cookies with equally long paths the older one is sent first (RFC 6265bis §5.8.3).
  await page.plant({ xsession: decoy, a: 'b=c' })
  await page.open('/login')
  const whoami = await page.open('/whoami')
  const spaced = await send({ path: '/whoami', headers: [['Cookie', `a=b=c;  sessions=${random.token()};session=${random.token(30)}== ;  xsession=${decoy}`]] })
  return { decoy, whoami: whoami.document, spaced }
})
