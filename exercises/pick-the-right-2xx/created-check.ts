import { check, field, hasStatus, matching, rule, status } from '#grader'
import { addressOf, theTodo } from './answers.ts'
import { asked } from './scenarios.ts'

export const created = check('Adding is answered 201, and Location leads to the new to-do', asked, {
  spec: 'RFC 9110 §15.3.2',
  reread: 'kinds',

  verify: ({ first, second }, expect) => {
    expect.each([first, second], ({ exchange, text, leads, shown }, expect) => {
      expect(exchange).toHaveStatus(201).toHaveHeader('Location')
      expect(leads?.inWords, 'where Location leads', exchange).toBe(toOneTodo)
      expect(shown).toHaveStatus(200).toHaveJson(theTodo(text, false))
      expect(leads?.inWords, 'where Location leads', exchange).toBe(addressOf(shown))
    })
  },

  diagnose: {
    'made-in-200': rule({
      alsoEarnedBy: ['stub', 'empty-200'],
      when: ({ first }) => hasStatus(200)(first.exchange) && first,
      say:
        'POST /todos got 200, which says that all went well, but not that something new is there ' +
        'and where. 201 says that it was made, and Location names its address.',
    }),
    'made-in-204': rule({
      when: ({ first }) => hasStatus(204)(first.exchange) && first,
      say:
        'POST /todos got 204: done, and nothing to say. But there is something to say, because ' +
        'the client wants to know where the new to-do is: 201 with Location.',
    }),
    'made-in-202': rule({
      when: ({ first }) => hasStatus(202)(first.exchange) && first,
      say:
        'POST /todos got 202, which says that the work is not done yet. Where the to-do is there ' +
        'when you answer, 201 says so, and Location names its address.',
    }),
    'made-in-303': rule({
      when: ({ first }) => hasStatus(301, 302, 303, 307, 308)(first.exchange) && first,
      say: ({ exchange }) =>
        `POST /todos got ${status(exchange)}, after which a browser's fetch() goes to Location by ` +
        'itself. All that its script sees is the answer from there, and not that something was ' +
        'made. 201 says so, and its Location sends nobody anywhere.',
    }),
    'no-location': rule({
      when: ({ first }) => hasStatus(201)(first.exchange) && first.leads === undefined && first,
      say: ({ exchange }) =>
        'Your 201 says that something was made, but not where: it has no Location' +
        (field(exchange, 'Content-Location') === undefined
          ? ''
          : '. Content-Location names whose content this answer has') +
        '. The client should not have to guess an address from an id in the content.',
    }),
    'location-of-id': rule({
      when: ({ first, second }) =>
        [first, second].find(({ leads }) => /^[^/:]+$/.test(leads?.location ?? '')),
      say: ({ leads }) =>
        `Location is \`${leads?.location}\`. Read from /todos, as a link on a page at that address ` +
        `would be, it leads to ${leads?.inWords}. Write the path from its first slash on: /todos/….`,
    }),
    'location-of-list': rule({
      when: ({ first }) => first.leads?.path === '/todos' && first,
      say:
        'Location leads to the whole list. In a 201 it names what was made, which is this one ' +
        'to-do.',
    }),
    'location-elsewhere': rule({
      when: ({ first }) => first.leads && first.leads.path === undefined && first,
      say: ({ leads }) =>
        `Location is \`${leads?.location}\`, and that is not the server that was asked. Clients may ` +
        'come by another name or through a proxy. A path such as /todos/… stays with the server ' +
        'by whose address they came.',
    }),
    'location-not-answered': rule({
      when: ({ first }) =>
        toOneTodo.test(first.leads?.inWords ?? '') &&
        (status(first.shown) ?? 0) >= 400 &&
        first.shown,
      say: (shown) =>
        `Location was ${shown.request.target}, but GET on that address got ${status(shown)}. ` +
        'Location is an address that can be asked.',
    }),
  },
})

const toOneTodo = matching('/todos/{id}', (where: string | undefined) =>
  /^\/todos\/[^/?]+$/.test(where ?? ''),
)
