import { check, field, rule, status, type OnWire } from '#grader'
import { claimLeads, whyItLeadsNowhere } from './leads.ts'
import { forGood, forNow, isForGood, isRedirect, type Redirect } from './redirects.ts'
import { visited } from './scenarios.ts'

export const article = check('The old address of an article leads to the new one', visited, {
  spec: 'RFC 9110 §10.2.2',
  reread: 'five-codes',

  verify: ({ article, landing, plain }, expect) => {
    claimLeads(article, expect)
    expect(landing).toHaveStatus(200)
    expect(plain).toBeAnswered()
  },

  diagnose: {
    ...whyItLeadsNowhere(({ article }) => article),
    'all-to-one': rule({
      when: ({ article }) => ['/articles', '/articles/', '/'].includes(article.leads) && article,
      say: ({ leads, moved }) =>
        `Your Location leads to ${leads}, whichever article was asked for. A visitor who follows an ` +
        `old link has to search again. This article is at ${moved}.`,
    }),
  },
})

export const permanent = check(
  'Browsers may remember where an article is: it has moved for good',
  visited,
  {
    after: article,
    spec: 'RFC 9110 §15.4.2',
    reread: 'five-codes',

    verify: ({ article, again }, expect) => {
      // Chromium forgets when its cache is emptied, so a status that lets it remember is enough.
      if (!isForGood(article)) {
        const asked = again === null ? 1 : 2
        const what = 'how often Chromium asked for the old address in two visits'
        expect(asked, what, again ?? article.exchange).toBe(1)
      }
      expect(status(article), 'the status of the answer', article.exchange).toBe(forGood)
    },

    diagnose: {
      'article-for-now': rule({
        when: ({ article, again }) =>
          isRedirect(article) && !isForGood(article) && (again ?? article.exchange),
        say: (exchange, { again }) =>
          `You answered ${status(exchange)}, which doesn't say “for good”.` +
          (again
            ? ' So Chromium asked for the old address again on its second visit, as it will on each.'
            : '') +
          ' Search engines keep the old address, too.',
      }),
    },
  },
)

export const query = check('The query goes along to the new address, unchanged', visited, {
  after: article,
  spec: 'RFC 9110 §10.2.2',
  reread: 'five-codes',

  verify: ({ queries }, expect) => {
    expect.each(queries, ({ query, wanted, ...redirect }, expect) => {
      claimLeads({ query, ...redirect }, expect)
      expect(query || 'no query', 'the query in Location', redirect.exchange).toBe(
        wanted || 'no query',
      )
    })
  },

  diagnose: {
    'query-lost': rule({
      when: ({ article }) => article.query === '' && article,
      say: ({ exchange }) =>
        `${exchange.request.target} was asked for, and your Location is ` +
        `${field(exchange, 'Location')}. The query is missing, so the visitor comes to another page ` +
        'of this article. Clients add nothing to Location, so write the query into it.',
    }),
    'query-decoded': rule({
      when: ({ article }) => isDecoded(article) && article,
      say: ({ exchange, query }) =>
        `${exchange.request.target} was asked for. In its query, %26 is a & that belongs to a value. ` +
        `Your Location has ${query}, where the & separates two parameters. Take the query as it ` +
        'came, or escape what you decoded.',
    }),
    'query-escaped-twice': rule({
      when: ({ article }) => article.query.includes('%2526') && article,
      say: ({ exchange, query }) =>
        `${exchange.request.target} was asked for, and your Location has ${query}. The query ` +
        'came escaped already. You escaped it again, so %26 became %2526.',
    }),
    'query-undefined': rule({
      when: ({ queries }) => queries.find(({ wanted, query }) => wanted === '' && query !== ''),
      say: ({ exchange }) =>
        `${exchange.request.target} has no query, but your Location, ${field(exchange, 'Location')}, ` +
        'has one. Add a query only where there was one.',
    }),
  },
})

export const temporary = check(
  '/today leads to the edition of the day, on the next day too',
  visited,
  {
    spec: 'RFC 9110 §15.4.3',
    reread: 'five-codes',

    verify: ({ today, edition, askedNextDay, cameTo, nextDate }, expect) => {
      claimLeads(today, expect)
      expect(edition).toHaveStatus(200)
      const seenIn = askedNextDay ?? today.exchange
      expect(cameTo, 'where Chromium came on the next day', seenIn).toBe(`/editions/${nextDate}`)
      expect(status(today), 'the status of the answer', today.exchange).toBe(forNow)
    },

    diagnose: {
      ...whyItLeadsNowhere(({ today }) => today),
      'another-date': rule({
        when: ({ today }) =>
          today.leads.startsWith('/editions/') && today.leads !== today.moved && today,
        say: ({ leads, moved }) =>
          `Your Location leads to ${leads}, but the edition of the day is at ${moved}. Its date is in ` +
          'the environment, as process.env.DATE, whenever your program is started.',
      }),
      'today-for-good': rule({
        when: ({ today }) => isForGood(today) && today,
        say: ({ exchange, leads }, { askedNextDay, cameTo }) =>
          `You answered ${status(exchange)}, which says that /today has moved to ${leads} for good.` +
          (askedNextDay === null && cameTo === leads
            ? ' Chromium believed it: on the next day it went there without asking you. You ' +
              "can't correct that, because you aren't asked any more."
            : ' A client may remember that, and show the same edition every day.'),
      }),
      'today-kept': rule({
        when: ({ today, askedNextDay }) =>
          isRedirect(today) && askedNextDay === null && keptBy(today) !== undefined && today,
        say: ({ exchange }) =>
          `You answered ${status(exchange)} with ${keptBy(exchange)}. ` +
          'So Chromium kept the redirect, and on the next day went to the old edition without asking ' +
          'you. Without that field it asks each time.',
      }),
    },
  },
)

/** The field that lets a client keep an answer which it would otherwise ask for again. */
function keptBy(exchange: OnWire): string | undefined {
  const name = ['Cache-Control', 'Expires'].find((name) => field(exchange, name) !== undefined)
  return name && `${name}: ${field(exchange, name)}`
}

/** Whether the escaped & in the query of the article is a bare one in Location. */
function isDecoded({ exchange, query }: Redirect): boolean {
  const [, asked = ''] = exchange.request.target.split('?')
  return query === `?${asked.replace('%26', '&')}`
}
