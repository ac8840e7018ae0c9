import { path, present, scenario, type Exchange, type SetUpKit, type Visit } from '#grader'
import { asRedirect, inWords, isRedirect } from './redirects.ts'

export const visited = scenario(
  'Chromium visits an old article twice, and /today on two days in a row',
  {
    setUp: ({ random }) => {
      const [date, nextDate] = twoDays(random)
      return { date, nextDate, environment: { DATE: date } }
    },
    async record({ newPage, send, program, random }, { date, nextDate }) {
      const slug = `${random.word()}-${random.word()}`
      // An escaped & belongs to the value: a program that decodes it has to escape it again.
      const query = `?p=${random.integer(2, 99)}&tag=${random.word()}%26${random.word()}`
      const page = await newPage()
      const first = await page.open(`/blog/${slug}${query}`)
      const second = await page.open(`/blog/${slug}${query}`)
      const plain = await send(`/blog/${slug}`)
      const today = await page.open('/today')
      const visited = { slug, query, date, nextDate, first, second, plain, today }
      // A new start would end an answer that hasn't come yet, and the program would be blamed for it.
      if (!isRedirect(today.document)) return { ...visited, nextDay: null }
      await program.restart({ environment: { DATE: nextDate } })
      return { ...visited, nextDay: await page.open('/today') }
    },
    facts: ({ slug, query, date, nextDate, first, second, plain, today, nextDay }) => {
      const article = asRedirect(present(first.document, 'GET /blog/…'), `/articles/${slug}`)
      const bare = asRedirect(present(plain, 'GET /blog/…'), `/articles/${slug}`)
      return {
        article,
        landing: landingOf(first),
        again: second.document,
        plain: bare.exchange,
        queries: [
          { name: 'an article with a query', wanted: query, ...article },
          { name: 'an article without a query', wanted: '', ...bare },
        ],
        today: asRedirect(present(today.document, 'GET /today'), `/editions/${date}`),
        edition: landingOf(today),
        nextDate,
        askedNextDay: nextDay?.document ?? null,
        cameTo: path(nextDay && landingOf(nextDay)) || 'nowhere on your server',
      }
    },
  },
)

export const formsSent = scenario('Chromium sends the form to /checkout, then the one to /login', {
  setUp: ({ random }) => ({ environment: { DATE: twoDays(random)[0] } }),
  async record({ newPage, exchanges, random }) {
    const [item, amount] = [random.word(), String(random.integer(2, 99))]
    const [user, password] = [random.word(), random.token(12)]
    const page = await newPage()
    await page.open('/')
    await page.fill('[action$=checkout] [name=item]', item)
    await page.fill('[action$=checkout] [name=amount]', amount)
    const ordered = await page.leads(() => page.click(buttonOf('checkout')))
    await page.open('/')
    await page.fill('[action$=login] [name=user]', user)
    await page.fill('[action$=login] [name=password]', password)
    const loggedIn = await page.leads(() => page.click(buttonOf('login')))
    // Where a page goes on by itself, the visit that a click leads to is the last one.
    // A program may close an idle connection just as Chromium uses it. Chromium then sends the form
    // again by itself.
    const posted = (to: string) => {
      const all = exchanges().filter(isPostTo(to))
      return all.find(({ response }) => response) ?? all[0] ?? null
    }
    return {
      password,
      ordered,
      loggedIn,
      checkout: posted('/checkout'),
      login: posted('/login'),
    }
  },
  facts: ({ password, ordered, loggedIn, ...posted }) => {
    const checkout = present(posted.checkout, 'POST /checkout')
    const login = present(posted.login, 'POST /login')
    return {
      checkout: asRedirect(checkout, '/orders'),
      wanted: inWords(checkout, '/orders'),
      arrived: arrivalOf(ordered),
      orderShown: landingOf(ordered),
      login: asRedirect(login, '/welcome'),
      welcome: arrivalOf(loggedIn),
      password,
      welcomeShown: landingOf(loggedIn),
    }
  },
})

function twoDays(random: SetUpKit['random']): [date: string, next: string] {
  const month = `2027-${twoDigits(random.integer(1, 12))}`
  const day = random.integer(1, 27)
  return [`${month}-${twoDigits(day)}`, `${month}-${twoDigits(day + 1)}`]
}

function twoDigits(number: number): string {
  return String(number).padStart(2, '0')
}

function isPostTo(address: string) {
  return (exchange: Exchange) => exchange.request.method === 'POST' && path(exchange) === address
}

function buttonOf(form: string): string {
  return `[action$=${form}] button, [action$=${form}] [type=submit]`
}

/** The first request that the redirect led to. */
function arrivalOf({ followed }: Visit) {
  return followed[0] ?? null
}

/** What the page on the screen came with. */
function landingOf({ document, followed }: Visit) {
  return followed.at(-1) ?? document
}
