// The checks of cookies-set-and-return as a Playwright Test, the way its documentation suggests: a
// fresh context per test.
import { expect, test, type BrowserContext } from '@playwright/test'

const sessionOf = async (context: BrowserContext) =>
  (await context.cookies()).find(({ name }) => name === 'session')?.value

test('the cookie is set, comes back, and is read', async ({ page, context }) => {
  const login = await page.goto('/login')
  expect(login?.status()).toBe(200)
  expect(
    (await login!.headersArray()).some(
      ({ name, value }) => name.toLowerCase() === 'set-cookie' && value.startsWith('session='),
    ),
  ).toBe(true)
  const session = await sessionOf(context)
  expect(session).toBeTruthy()
  const whoami = await page.goto('/whoami')
  expect((await whoami!.request().allHeaders())['cookie']).toContain(`session=${session}`)
  expect(await whoami!.json()).toEqual({ cookie: session })
  const deep = await page.goto('/some/deeper/path')
  expect((await deep!.request().allHeaders())['cookie']).toContain(`session=${session}`)
})

test('two visitors are told apart', async ({ browser }) => {
  const ada = await browser.newContext()
  const ben = await browser.newContext()
  const adaPage = await ada.newPage()
  const benPage = await ben.newPage()
  await adaPage.goto('/login')
  expect(await (await benPage.goto('/whoami'))!.json()).toEqual({ cookie: null })
  await benPage.goto('/login')
  expect(await sessionOf(ada)).not.toBe(await sessionOf(ben))
  expect((await sessionOf(ada))!.length).toBeGreaterThan(15)
  expect(await (await adaPage.goto('/whoami'))!.json()).toEqual({ cookie: await sessionOf(ada) })
  expect(await (await benPage.goto('/whoami'))!.json()).toEqual({ cookie: await sessionOf(ben) })
})

test('neighbouring cookies do not confuse', async ({ page, context, request }) => {
  await context.addCookies([
    { name: 'xsession', value: 'decoy', domain: '127.0.0.1', path: '/' },
    { name: 'a', value: 'b=c', domain: '127.0.0.1', path: '/' },
  ])
  await page.goto('/login')
  expect(await (await page.goto('/whoami'))!.json()).toEqual({ cookie: await sessionOf(context) })
  expect(
    await (
      await request.get('/whoami', {
        headers: { Cookie: 'a=b=c;  sessions=no;session=yes ;  xsession=decoy' },
      })
    ).json(),
  ).toEqual({ cookie: 'yes' })
  expect(
    await (await request.get('/whoami', { headers: { Cookie: 'lang=en; session=' } })).json(),
  ).toEqual({ cookie: '' })
})
