import { check, field, hasStatus, path, rule, status } from '#grader'
import { entriesOf, isTaken, onlyForPost } from './answers.ts'
import { asked, overlapping, unknownAsked } from './scenarios.ts'
import { lands, stored } from './signing.ts'

export const ownPage = check(
  'Five who signed at the same time each came to a page with their message',
  overlapping,
  {
    after: lands,
    reread: 'redirect',

    verify: ({ people, signatures, entries }, expect) => {
      expect.each(people, ({ post, when, exchange, message, shown }, expect) => {
        expect(when, 'when the POST was answered', post).toBe('after its content')
        expect(shown ?? 'none', 'the message on this page', exchange).toBe(message)
        expect(exchange).toHaveStatus(200)
      })
      expect(entries).toHaveStatus(200).toHaveJson(entriesOf(signatures))
    },

    diagnose: {
      'answers-too-early': rule({
        when: ({ people }) =>
          people.find(({ when }) => when === 'before its content had come')?.post,
        say:
          'You answered the POST while its content was still on its way, so there was no entry yet ' +
          'at the address in Location. Wait for the form, store the entry, and answer then.',
      }),
      'id-before-content': rule({
        when: ({ people }) => people.find((person) => isTaken(person, people)),
        say: ({ exchange }) =>
          `People who wrote different messages were sent to the same page, ${path(exchange)}. All of ` +
          'them had begun before the first one was done. Choose the id and store the entry in one ' +
          'step, after the whole content has come.',
      }),
      'shows-the-newest': rule({
        when: ({ people }) => people.find(({ message, shown }) => shown && shown !== message),
        say: ({ exchange, shown }) =>
          `${path(exchange)} showed the message ${shown}, which somebody else wrote. The id in the ` +
          'path says which entry is meant.',
      }),
    },
  },
)

export const equalEntries = check('Two who wrote the same have two entries', asked, {
  after: lands,
  reread: 'redirect',

  verify: ({ signature, equal, second, places, both }, expect) => {
    expect(equal, 'the number of entries after two signed with the same words', second).toBe(2)
    expect(places, 'the number of pages that they were sent to', second).toBe(2)
    expect(both)
      .toHaveStatus(200)
      .toHaveJson(entriesOf([signature, signature]))
  },

  diagnose: {
    'drops-equal-entries': rule({
      when: ({ equal, second }) => equal === 1 && second,
      say:
        'Two requests said the same, and /entries lists one of them. Equal words prove no ' +
        'repetition, because two people may write the same. With a redirect, a reload sends no POST at all.',
    }),
  },
})

export const unknownIds = check('An id that no entry has gets 404', unknownAsked, {
  after: lands,
  spec: 'RFC 9110 §15.5.5',
  reread: 'redirect',

  verify: ({ unknown }, expect) => {
    expect.each(unknown, ({ exchange }, expect) => {
      expect(exchange).toHaveStatus(404)
    })
  },

  diagnose: {
    'thanks-anyone': rule({
      when: ({ unknown }) => unknown.find(hasStatus(200)),
      say: ({ exchange }) =>
        `No entry has the id in ${path(exchange)}, but you answered 200, which says that this is ` +
        'the page that was asked for. 404 says that there is none.',
    }),
  },
})

export const signOnlyPosts = check('GET and HEAD for /sign add nothing and get 405', asked, {
  after: stored,
  spec: 'RFC 9110 §15.5.6',
  reread: 'process',

  verify: ({ get, head }, expect) => {
    expect.each([get, head], ({ exchange, added }, expect) => {
      expect(added, 'the number of entries that this request added', exchange).toBe(0)
      expect(exchange).toHaveStatus(405).toHaveHeader('Allow', onlyForPost)
    })
  },

  diagnose: {
    'signs-by-get': rule({
      when: ({ get }) => (get.added ? get : undefined),
      say:
        'This GET added an entry. GET promises that asking changes nothing, so browsers and ' +
        'crawlers may send it at any time. Only POST may sign.',
    }),
    'refused-as-404': rule({
      when: ({ get }) => status(get) === 404 && get,
      say:
        "404 says that this address doesn't exist, but the form sends its POST there. Answer 405, " +
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
