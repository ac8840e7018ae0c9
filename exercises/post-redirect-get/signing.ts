import { check, field, hasStatus, path, rule, sentField, status, text } from '#grader'
import {
  aGet,
  aRedirect,
  entriesOf,
  found,
  isPost,
  isRedirect,
  mentioning,
  otherServer,
} from './answers.ts'
import { signed } from './scenarios.ts'

export const stored = check('Signing made one entry, and both / and /entries list it', signed, {
  reread: 'process',

  verify: ({ name, message, before, home }, expect) => {
    expect(before)
      .toHaveStatus(200)
      .toHaveJson(entriesOf([{ name, message }]))
    expect(home).toHaveStatus(200).toHaveText(mentioning(message))
  },

  diagnose: {},
})

export const once = check('Three reloads, Back and Forward added nothing', signed, {
  after: stored,
  spec: 'RFC 9110 §15.4.4',
  reread: 'redirect',

  verify: ({ post, copies, reloaded }, expect) => {
    const seenIn = reloaded ?? post
    expect(copies, 'the number of entries after three reloads, Back and Forward', seenIn).toBe(1)
  },

  diagnose: {
    'no-location': rule({
      when: ({ post, reloaded }) => isRedirect(post) && !field(post, 'Location') && reloaded,
      say: (_, { post }) =>
        `You answered ${status(post)} without Location, so the browser had nowhere to go. It showed ` +
        'that answer, and each reload sent the POST again. Location names the page to show.',
    }),
    'created-not-redirected': rule({
      when: ({ post, reloaded }) => status(post) === 201 && isPost(reloaded) && reloaded,
      say:
        'You answered 201. Browsers go to Location only after a redirect, so the page on the ' +
        'screen was the answer to a POST, and each reload sent that POST again.',
    }),
    'needs-a-script': rule({
      when: ({ post, reloaded }) =>
        isPost(reloaded) && /<script[^]*\blocation\b/i.test(text(post)) && reloaded,
      say:
        'Your answer to the POST has a script that goes on to another page. JavaScript was off, ' +
        'so the browser stayed, and each reload sent the POST again. A redirect needs no script.',
    }),
    'answers-with-page': rule({
      when: ({ post, reloaded }) => status(post) === 200 && isPost(reloaded) && reloaded,
      say: (_, { copies }) =>
        'You answered the POST with 200, so the page on the screen was the answer to a POST, and ' +
        `each reload sent that POST again. Now the guestbook has ${copies} entries of one visitor.`,
    }),
    'thanks-stores': rule({
      when: ({ post, reloaded }) =>
        isRedirect(post) && reloaded?.request.method === 'GET' && reloaded,
      say: (reloaded) =>
        `Each reload sent GET ${reloaded.request.target}, and the guestbook grew. Store the entry ` +
        'when the POST comes, so that the page after it only has to be shown.',
    }),
  },
})

export const redirectsGet = check(
  'The POST was answered by a redirect, which Chromium followed with GET',
  signed,
  {
    after: once,
    spec: 'RFC 9110 §15.4',
    reread: 'redirect',

    verify: ({ post, asked }, expect) => {
      // Chromium may leave before the content of a redirect has come, so its end isn't claimed.
      expect(status(post), 'the status of the answer', post).toBe(aRedirect)
      expect(asked, 'where the redirect led Chromium', post).toBe(aGet)
    },

    diagnose: {
      'keeps-the-method': rule({
        when: ({ post }) => hasStatus(307, 308)(post) && post,
        say: (post, { asked }) =>
          `You answered ${status(post)}, which tells the browser to keep the method. So it sent ` +
          `${asked}, with the form's content once more. After 303 it goes on with GET.`,
      }),
      'drops-repetitions': rule({
        when: ({ post, reloaded }) => status(post) === 200 && isPost(reloaded) && post,
        say:
          'You answered the POST with 200, so each reload sent it again, and your server dropped the ' +
          'repetitions. Browsers ask people before they repeat a POST, and an equal one may well be ' +
          'meant. A redirect leaves nothing to repeat.',
      }),
      'leads-elsewhere': rule({
        when: ({ post }) => otherServer(post),
        say: (server, { post }) =>
          `Your Location names a server, ${server}, but the visitor had come to ` +
          `${sentField(post, 'Host')}, as happens through a proxy. So the browser left it. A path ` +
          'alone, /thanks/…, stays where the visitor is.',
      }),
    },
  },
)

export const rightCode = check('The status is 303, which says that GET comes next', signed, {
  after: redirectsGet,
  spec: 'RFC 9110 §15.4.4',
  reread: 'redirect',

  verify: ({ post }, expect) => {
    expect(status(post), 'the status of the answer', post).toBe(303)
  },

  diagnose: {
    'found-not-see-other': rule({
      when: ({ post }) => status(post) === 302 && post,
      say:
        'You answered 302. Browsers turn the POST into GET after it, too, but the standard only ' +
        'permits that: a client may send the POST again. 303 says that GET comes next.',
    }),
    'moved-for-good': rule({
      when: ({ post }) => status(post) === 301 && post,
      say:
        'You answered 301, which says that /sign has moved for good. But the next visitor has to ' +
        'send the form there as well. And after 301 a client may send the POST again; 303 says ' +
        'that GET comes next.',
    }),
  },
})

export const lands = check(
  'Chromium came to the page of the new entry, and each reload shows it',
  signed,
  {
    after: redirectsGet,
    reread: 'redirect',

    verify: ({ name, message, entry, landing, views }, expect) => {
      const place = 'the path of the page after signing'
      expect(path(landing), place, landing).toBe(`/thanks/${String(entry?.id)}`)
      expect.each(views, ({ exchange, shown }, expect) => {
        if (exchange) expect(exchange).toHaveStatus(found)
        expect(shown, 'the text of the page', exchange).toBe(mentioning(name))
        expect(shown, 'the text of the page', exchange).toBe(mentioning(message))
      })
    },

    diagnose: {
      'lands-on-list': rule({
        when: ({ landing }) => path(landing) === '/' && landing,
        say:
          'Your redirect led to the list. Nothing there tells the visitor which entry is new, or ' +
          'whether signing worked. Send them to the page of their entry.',
      }),
      'shown-once': rule({
        when: ({ views: [first, ...reloads] }) =>
          status(first?.exchange) === 200 &&
          reloads.find(({ exchange }) => status(exchange) === 404),
        say:
          'The page was there right after signing, and 404 later. Its address is now in the history ' +
          'of the browser, so it has to show the entry as often as it is asked for.',
      }),
    },
  },
)
