import {
  between,
  check,
  field,
  hasStatus,
  matching,
  rule,
  sentField,
  status,
  text,
  type Exchange,
} from '#grader'
import {
  asked,
  clicked,
  deleteAddress,
  deletedTwice,
  inWords,
  prefetched,
  theNames,
  type Names,
} from './scenarios.ts'

const prefetchHarmless = check(
  'After links were fetched in advance, /items still lists all five names',
  prefetched,
  {
    spec: 'RFC 9110 §9.2.1',
    reread: 'safe',

    verify: ({ items, before, after, gone, culprit }, expect) => {
      expect(before).toHaveStatus(200).toHaveJson(theNames(items))
      expect(inWords(gone), 'the items missing after the prefetches', culprit ?? after).toBe('none')
      expect(after).toHaveStatus(200).toHaveJson(theNames(items))
    },

    diagnose: {
      'confirm-in-the-way': rule({
        when: ({ page, culprit }) => culprit && text(page).includes('confirm(') && culprit,
        say:
          'Your page asks confirm() before a click goes through. Chromium fetched the address ' +
          'without a click, so no dialog was shown, and the item was deleted.',
      }),
      nofollow: rule({
        when: ({ page, culprit }) => culprit && text(page).includes('nofollow') && culprit,
        say:
          'Your links say nofollow. That is a request to search engines, and Chromium fetched ' +
          'the address all the same. Nobody clicked, and the item was deleted.',
      }),
      'get-deletes': rule({
        alsoEarnedBy: ['stub'],
        when: ({ culprit }) => culprit,
        say: (culprit) =>
          `Nobody clicked anything. Chromium fetched this address in advance (Sec-Purpose: ` +
          `${sentField(culprit, 'Sec-Purpose')}) because it trusts that GET changes nothing, and ` +
          'your server deleted the item.',
      }),
    },
  },
)

const getRefused = check('GET and HEAD for a delete address get 405 and delete nothing', asked, {
  after: prefetchHarmless,
  spec: 'RFC 9110 §15.5.6',
  reread: 'safe',

  verify: ({ get, head, open }, expect) => {
    expect.each([get, head, open], ({ exchange, gone }, expect) => {
      expect(inWords(gone), 'the items missing after this request', exchange).toBe('none')
      expect(exchange).toHaveStatus(405).toHaveHeader('Allow', onlyForPost)
    })
  },

  diagnose: {
    'trusts-sec-purpose': rule({
      when: ({ get }) => isAny(get.gone) && get,
      say: ({ item }) =>
        'This GET came without Sec-Purpose, as those of crawlers and mail scanners do, and ' +
        `${item} was gone after it. The method decides, whatever else the request says.`,
    }),
    'head-deletes': rule({
      when: ({ head }) => isAny(head.gone) && head,
      say: ({ item }) =>
        `${item} was gone after this HEAD. HEAD promises the same as GET, that it only asks: ` +
        'link checkers send it to every address they find.',
    }),
    'trusts-a-person': rule({
      when: ({ open }) => isAny(open.gone) && open,
      say: ({ item, exchange }) =>
        `Chromium says with Sec-Fetch-User: ${sentField(exchange, 'Sec-Fetch-User')} that a person ` +
        `came to this address, and ${item} was gone after it. People open addresses from chats, ` +
        'bookmarks and other sites: they, too, only ask. To curl, add the field with -H.',
    }),
    'asks-first': rule({
      when: ({ get }) => status(get) === 200 && get.gone?.length === 0 && get,
      say:
        'This GET deleted nothing, but it was answered 200. There is nothing to look at under ' +
        'this address: one click on the list deletes, and GET is answered 405 here.',
    }),
    'refused-as-404': rule({
      when: ({ get }) => status(get) === 404 && get,
      say:
        "404 says that this address doesn't exist. It is to exist for POST alone, so answer 405 " +
        'and name POST in Allow.',
    }),
    'no-allow': rule({
      when: ({ get }) => status(get) === 405 && field(get, 'Allow') === undefined && get,
      say:
        'Your 405 has no Allow field. It says that this method is wrong, so it has to say which ' +
        'methods are right.',
    }),
  },
})

const buttonPosts = check(
  "Without JavaScript, a click on an item's button sends a POST to its delete address",
  clicked,
  {
    after: prefetchHarmless,
    spec: 'HTML, form submission',
    reread: 'safe',

    verify: ({ item, page, click, sent }, expect) => {
      expect(sent, 'what the click sent', click ?? page).toBe(`POST ${deleteAddress(item)}`)
      expect(page).toHaveStatus(200)
    },

    diagnose: {
      'script-button': rule({
        when: ({ click, page }) => click === null && page,
        say:
          'With JavaScript off, the click on the button of this page sent nothing. A button in a ' +
          'form with method="post" sends its request without a script.',
      }),
      'forms-have-no-delete': rule({
        when: ({ click, page }) =>
          click?.request.method === 'GET' && /method=.?(delete|put|patch)/i.exec(text(page))?.[1],
        say: (method) =>
          `Your page has a form with method ${method}, and the click on its button sent GET: HTML ` +
          'forms know GET and POST, and any other word counts as GET.',
      }),
      'form-sends-get': rule({
        when: ({ click }) => click?.request.method === 'GET' && click,
        say:
          'The click sent GET, which only asks. A form sends GET unless it says method="post", ' +
          'and a link always does.',
      }),
    },
  },
)

const removesOne = check('That POST deletes the item and no other', clicked, {
  after: buttonPosts,
  reread: 'safe',

  verify: ({ click, left, others }, expect) => {
    expect(inWords(left), 'the items listed after the POST', click).toBe(inWords(others))
  },

  diagnose: {
    'nothing-deleted': rule({
      when: ({ click, left, item }) => left?.includes(item) && click,
      say: (_, { item }) =>
        `The POST named ${item}, but GET /items still lists it afterwards. Nothing was deleted.`,
    }),
  },
})

const reloadAsks = check('A reload afterwards only asks, and posts nothing again', clicked, {
  after: removesOne,
  spec: 'RFC 9110 §15.4.4',
  reread: 'safe',

  verify: ({ click, reloaded, posted }, expect) => {
    expect(posted, 'what the reload posted', reloaded ?? click).toBe('nothing')
  },

  diagnose: {
    'repeats-the-post': rule({
      when: ({ click, reloaded }) => hasStatus(307, 308)(click) && reloaded,
      say: (_, { click }) =>
        `You answered the click with ${status(click)}, which has the browser repeat the POST at ` +
        'Location. So the page was the answer to a POST, and the reload sent it again. After 303 ' +
        'the browser goes on with GET.',
    }),
    'answers-with-page': rule({
      when: ({ click, reloaded }) => status(click) === 200 && reloaded,
      say:
        'You answered the click with 200, so the page is the answer to a POST, and the reload ' +
        'sent that POST again. 303 sends the browser to an address that it may ask for again.',
    }),
  },
})

const leadsBack = check('The POST is answered 303 and leads back to the list', clicked, {
  after: reloadAsks,
  spec: 'RFC 9110 §15.4.4',
  reread: 'safe',

  verify: ({ click, went, landing, shown }, expect) => {
    expect(click).toHaveStatus(303).toHaveHeader('Location')
    expect(went, 'what the browser asked for then', click).toBe('GET /')
    expect(landing).toHaveStatus(200)
    expect(shown).toGive(false)
  },

  diagnose: {
    'found-not-see-other': rule({
      when: ({ click }) => status(click) === 302 && click,
      say:
        'You answered 302. Browsers turn a POST into GET after it, but only by habit: a client ' +
        'may send the POST again. 303 says that GET comes next.',
    }),
    'leads-elsewhere': rule({
      when: ({ click }) => otherServer(click),
      say: (server, { click }) =>
        `Your Location names a server, ${server}, but the visitor had come to ` +
        `${sentField(click, 'Host')}, as happens through a proxy. So the browser left it. ` +
        'Location: / stays where the visitor is.',
    }),
  },
})

const goneStaysGone = check(
  "A POST for an item that isn't there changes nothing and gets no server error",
  deletedTwice,
  {
    after: removesOne,
    spec: 'RFC 9110 §15.6',
    reread: 'safe',

    verify: ({ again, unknown }, expect) => {
      expect.each([again, unknown], ({ exchange, gone }, expect) => {
        expect(inWords(gone), 'the items missing after this request', exchange).toBe('none')
        expect(exchange).toHaveStatus(between(200, 499))
      })
    },

    diagnose: {
      'takes-another': rule({
        when: ({ again, unknown }) => [again, unknown].find(({ gone }) => isAny(gone)),
        say: ({ item, gone }) =>
          `This POST named ${item}, which wasn't there, and ${inWords(gone)} disappeared. ` +
          'Change something only when you have found what was named.',
      }),
      'gone-is-500': rule({
        when: ({ again }) => (status(again) ?? 0) >= 500 && again,
        say: ({ item, exchange }) =>
          `${item} had been deleted a moment before, and you answered ${status(exchange)}. A status ` +
          'from 500 up says that your server has failed, but two people pressed one button.',
      }),
    },
  },
)

export default {
  prefetchHarmless,
  getRefused,
  buttonPosts,
  removesOne,
  reloadAsks,
  leadsBack,
  goneStaysGone,
}

/** POST among the methods, and none that only asks. */
const onlyForPost = matching('POST in it, but neither GET nor HEAD', (value: string) => {
  const methods = value.split(',').map((method) => method.trim())
  return methods.includes('POST') && !methods.includes('GET') && !methods.includes('HEAD')
})

function isAny(items: Names): boolean {
  return items !== undefined && items.length > 0
}

/** The server that Location names, where it isn't the one that was asked. */
function otherServer(click: Exchange | null): string | undefined {
  const [, server] = /^https?:\/\/([^/]*)/i.exec(field(click, 'Location') ?? '') ?? []
  return server === sentField(click, 'Host') ? undefined : server
}
