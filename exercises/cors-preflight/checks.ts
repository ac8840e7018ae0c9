import {
  check,
  header,
  headers,
  matching,
  nearField,
  type Exchange,
  type Fetched,
  rule,
} from '#grader'
import { everyday, later, SECONDS_BETWEEN, visitors } from './scenarios.ts'

const putPasses = check(
  'Chromium sent OPTIONS, accepted your answer and then sent the PUT',
  everyday,
  {
    spec: 'Fetch, CORS-preflight fetch',
    reread: 'the-question',
    verify: ({ put }, expect) => {
      expect(put.preflight).toBeAnswered()
      expect(
        verdict(put),
        "Chromium's verdict on the answer to OPTIONS",
        put.preflight ?? undefined,
      ).toBe('accepted')
      expect(put.exchange).toHaveStatus(200)
    },
    diagnose: {
      'question-gets-an-error': rule({
        when: ({ put }) =>
          put.corsError === 'PreflightInvalidStatus' ||
          (put.preflight?.response?.status ?? 0) >= 300,
        say: (_, { put }) =>
          `The question itself got ${put.preflight?.response?.status}${put.corsError === 'PreflightMissingAllowOriginHeader' ? ', and no Access-Control-Allow-Origin' : ''}. A preflight passes with a 2xx status only, whatever its fields say.`,
      }),
      'content-type-unlisted': rule({
        when: ({ put }) =>
          put.corsError === 'HeaderDisallowedByPreflightResponse' &&
          !lists(put.preflight, 'Access-Control-Allow-Headers', 'content-type'),
        say: (_, { put }) =>
          `Chromium asked for ${field(put.preflight?.request, 'Access-Control-Request-Headers')}, and your answer did not allow content-type: ${allowed(put.preflight, 'Access-Control-Allow-Headers', 'it')}. Its JSON type is not among those that need no permission.`,
      }),
      'x-client-unlisted': rule({
        when: ({ put }) => put.corsError === 'HeaderDisallowedByPreflightResponse',
        say: (_, { put }) =>
          `Chromium asked for ${field(put.preflight?.request, 'Access-Control-Request-Headers')}, and your answer did not allow x-client: ${allowed(put.preflight, 'Access-Control-Allow-Headers', 'it')}.`,
      }),
      'methods-in-small-letters': rule({
        when: ({ put }) =>
          put.corsError === 'MethodDisallowedByPreflightResponse' &&
          lists(put.preflight, 'Access-Control-Allow-Methods', 'put'),
        say: (_, { put }) =>
          `Chromium asked whether it may send PUT, and ${allowed(put.preflight, 'Access-Control-Allow-Methods')}. Methods are compared letter by letter, capitals and all.`,
      }),
      'put-unlisted': rule({
        when: ({ put }) => put.corsError === 'MethodDisallowedByPreflightResponse',
        say: (_, { put }) =>
          `Chromium asked whether it may send PUT, and ${allowed(put.preflight, 'Access-Control-Allow-Methods')}.`,
      }),
      'origin-misspelt': rule({
        when: ({ put }) =>
          put.corsError === 'PreflightAllowOriginMismatch' ||
          put.corsError === 'PreflightInvalidAllowOriginValue',
        say: (_, { put }) =>
          `Chromium asked for a page at ${field(put.preflight?.request, 'Origin')}, and ${allowed(put.preflight, 'Access-Control-Allow-Origin')}. The two are compared letter by letter.`,
      }),
      'several-origins': rule({
        when: ({ put }) => put.corsError === 'PreflightMultipleAllowOriginValues',
        say: (_, { put }) =>
          `Your answer permitted \`${headers(put.preflight?.response?.headers ?? [], 'Access-Control-Allow-Origin').join('` and `')}\`. One origin may stand there, the one that asks, or \`*\`; nobody reads a list.`,
      }),
      'list-unreadable': rule({
        when: ({ put }) =>
          /^InvalidAllow(?:Headers|Methods)PreflightResponse$/.test(put.corsError ?? ''),
        say: (_, { put }) =>
          `Chromium could not read what is allowed: ${allowed(put.preflight, put.corsError?.includes('Headers') ? 'Access-Control-Allow-Headers' : 'Access-Control-Allow-Methods')}. Names are separated by commas.`,
      }),
      'only-the-answer': rule({
        when: ({ put }) =>
          put.corsError === 'PreflightMissingAllowOriginHeader' &&
          (put.preflight?.response?.status ?? 0) < 300,
        say: (_, { put }) =>
          `Chromium asked with OPTIONS, and ${allowed(put.preflight, 'Access-Control-Allow-Origin', 'the answer')}. The PUT never left the browser.`,
      }),
    },
  },
)

const deletePasses = check('DELETE was permitted as well', everyday, {
  after: putPasses,
  spec: 'Fetch, CORS-preflight fetch',
  reread: 'the-question',
  verify: ({ deleted }, expect) => {
    expect(verdict(deleted), "Chromium's verdict on a DELETE", deleted.preflight ?? undefined).toBe(
      'accepted',
    )
    expect(deleted.exchange).toHaveStatus(204)
  },
  diagnose: {
    'delete-unlisted': rule({
      when: ({ deleted }) => deleted.corsError === 'MethodDisallowedByPreflightResponse',
      say: (_, { deleted }) =>
        `The app wanted to DELETE, and ${allowed(deleted.preflight, 'Access-Control-Allow-Methods')}. Only GET, HEAD and POST need no mention.`,
    }),
  },
})

const answerReadable = check('The page could read the answers of PUT, DELETE and GET', everyday, {
  after: deletePasses,
  spec: 'Fetch, CORS check',
  reread: 'both-answers',
  verify: ({ text, put, deleted, list }, expect) => {
    expect(seen(put), 'what the page saw of the answer to PUT', put.exchange ?? undefined).toBe(
      'status 200',
    )
    expect(
      seen(deleted),
      'what the page saw of the answer to DELETE',
      deleted.exchange ?? undefined,
    ).toBe('status 204')
    expect(seen(list), 'what the page saw of the answer to GET', list.exchange ?? undefined).toBe(
      'status 200',
    )
    expect(list.exchange).toHaveJson(
      matching(
        `a list with the todo "${text}"`,
        (todos: unknown) =>
          Array.isArray(todos) && JSON.stringify(todos).includes(JSON.stringify(text)),
      ),
    )
  },
  diagnose: {
    'only-the-question': rule({
      when: ({ put }) =>
        put.corsError === 'MissingAllowOriginHeader' &&
        header(put.preflight?.response?.headers ?? [], 'Access-Control-Allow-Origin') !== undefined,
      say: 'The preflight passed and the PUT was carried out. Then Chromium withheld its answer (MissingAllowOriginHeader): the permission stood on the answer to OPTIONS only.',
    }),
  },
})

const errorsReadable = check('Even a 404 can be read by your app', everyday, {
  after: answerReadable,
  spec: 'Fetch, CORS check',
  reread: 'both-answers',
  verify: ({ nothing }, expect) => {
    expect(nothing.exchange).toHaveStatus(404)
    expect(seen(nothing), 'what the page saw of the answer', nothing.exchange ?? undefined).toBe(
      'status 404',
    )
  },
  diagnose: {
    'errors-unreadable': rule({
      when: ({ nothing }) => nothing.corsError === 'MissingAllowOriginHeader',
      say: (_, { nothing }) =>
        `Your 404 came without permission, so the app did not learn of it: its fetch ended with "${nothing.error?.replace(/^TypeError: /, '')}", as if the network had failed.`,
    }),
  },
})

const strangersRefused = check('A page from another origin was told no by the browser', visitors, {
  after: putPasses,
  spec: 'Fetch, CORS check',
  reread: 'same-origin',
  verify: ({ app, other, put, list, twin, byTwin, byNobody }, expect) => {
    expect(list.exchange).toBeAnswered()
    expect(
      seen(list),
      `what the page at ${other} saw of GET /todos`,
      list.exchange ?? undefined,
    ).toBe(withheld)
    expect(
      verdict(put),
      `Chromium's verdict on a PUT of the page at ${other}`,
      put.preflight ?? put.exchange ?? undefined,
    ).notToBe('accepted')
    expect(
      permits(byTwin, twin),
      `permission for ${twin}, while the app is at ${app}`,
      byTwin ?? undefined,
    ).toBe('none')
    expect(permits(byNobody, 'null'), 'permission for the origin null', byNobody ?? undefined).toBe(
      'none',
    )
  },
  diagnose: {
    star: rule({
      when: ({ list }) =>
        header(list.exchange?.response?.headers ?? [], 'Access-Control-Allow-Origin') === '*',
      say: (_, { other }) =>
        `Your answer permitted every origin, and the page at ${other} read all todos in its visitor's browser.`,
    }),
    'echoes-any-origin': rule({
      when: ({ list, other }) =>
        header(list.exchange?.response?.headers ?? [], 'Access-Control-Allow-Origin') === other,
      say: (_, { other, app }) =>
        `The page at ${other} was given permission by name. The app is at ${app}, and nobody else was to have it.`,
    }),
    'permits-null': rule({
      when: ({ byNobody }) =>
        header(byNobody?.response?.headers ?? [], 'Access-Control-Allow-Origin') === 'null',
      say: 'The origin null was given permission. Pages without an origin of their own say that, and any site can make one: a frame with `sandbox` is enough.',
    }),
    'hosts-only': rule({
      when: ({ byTwin, twin }) =>
        header(byTwin?.response?.headers ?? [], 'Access-Control-Allow-Origin') === twin,
      say: (_, { twin, app }) =>
        `${twin} was given permission; the app is at ${app}. Scheme, host and port together are the origin.`,
    }),
  },
})

const plainOptions = check('OPTIONS without an Origin is answered with Allow', visitors, {
  spec: 'RFC 9110 §9.3.7',
  reread: 'the-question',
  verify: ({ plainItem }, expect) => {
    expect(plainItem).toHaveStatus(204).toHaveHeader('Allow')
    const methods = headers(plainItem?.response?.headers ?? [], 'Allow')
      .join(', ')
      .split(/[\s,]+/)
    expect(methods, 'the methods in Allow', plainItem ?? undefined).toBe(
      matching(
        'PUT and DELETE among them',
        (all: string[]) => all.includes('PUT') && all.includes('DELETE'),
      ),
    )
  },
  diagnose: {
    'options-only-for-browsers': rule({
      when: ({ plainItem }) => (plainItem?.response?.status ?? 0) >= 400,
      say: (_, { plainItem }) =>
        `A client without an Origin asked what can be done with ${plainItem?.request.target} and got ${plainItem?.response?.status}. OPTIONS is older than CORS, and not only browsers ask.`,
    }),
    'no-allow': rule({
      when: ({ plainItem }) =>
        plainItem?.response?.status === 204 &&
        header(plainItem.response.headers, 'Allow') === undefined,
      say: 'The answer had no Allow. That field names the methods of a resource to every client; Access-Control-Allow-Methods says what pages of an origin may use.',
    }),
  },
})

const remembered = check(
  'The second PUT, more than 5 seconds later, needed no new preflight',
  later,
  {
    after: putPasses,
    spec: 'Fetch, CORS-preflight cache',
    reread: 'remembered',
    verify: ({ first, second }, expect) => {
      expect(second.exchange).toHaveStatus(200)
      expect(first.preflight).toHaveHeader('Access-Control-Max-Age', '600')
      expect(
        second.preflight === null ? 'none' : 'one',
        'preflights before the second PUT',
        second.preflight ?? undefined,
      ).toBe('none')
    },
    diagnose: {
      'age-on-the-answer': rule({
        when: ({ first }) =>
          maxAge(first.preflight) === undefined && maxAge(first.exchange) !== undefined,
        say: (_, { first }) =>
          `Access-Control-Max-Age: ${maxAge(first.exchange)} stood on the answer to PUT, where nobody reads it. Before the second PUT, ${SECONDS_BETWEEN} s later, Chromium asked again.`,
      }),
      'asks-every-time': rule({
        when: ({ first, second }) =>
          maxAge(first.preflight) === undefined && second.preflight !== null,
        say: `${SECONDS_BETWEEN} s later Chromium asked again: a permission that does not say how long it holds is forgotten after 5 s, and every save costs two round trips.`,
      }),
      milliseconds: rule({
        when: ({ first }) => maxAge(first.preflight) === '600000',
        say: 'Access-Control-Max-Age was 600000. It counts seconds, and 600000 of them are almost seven days; ten minutes have 600.',
      }),
    },
  },
)

export default {
  putPasses,
  deletePasses,
  answerReadable,
  errorsReadable,
  strangersRefused,
  plainOptions,
  remembered,
}

/** What became of a request that had to be permitted: it was sent, or it was not and why. */
function verdict({ exchange, corsError, error }: Fetched): string {
  return exchange ? 'accepted' : (corsError ?? error ?? 'not sent')
}

/** What the page's script got of an answer. */
function seen({ seen, corsError, error }: Fetched): string {
  return seen ? `status ${seen.status}` : `nothing (${corsError ?? error ?? 'no answer'})`
}

const withheld = matching('nothing', (said: string) => said.startsWith('nothing'))

/** Whether an answer lets a page of that origin read it. */
function permits(exchange: Exchange | null, origin: string) {
  const values = headers(exchange?.response?.headers ?? [], 'Access-Control-Allow-Origin')
  return values.some((value) => value === '*' || value === origin) ? values.join(', ') : 'none'
}

function lists(exchange: Exchange | null, name: string, wanted: string): boolean {
  return headers(exchange?.response?.headers ?? [], name)
    .join(',')
    .toLowerCase()
    .split(/[\s,]+/)
    .includes(wanted)
}

function allowed(exchange: Exchange | null, name: string, who = 'your answer'): string {
  const value = header(exchange?.response?.headers ?? [], name)
  if (value !== undefined) return `${who} said ${name}: ${value}`
  const near = nearField(exchange?.response?.headers ?? [], name)
  return `${who} had no ${name}${near === undefined ? '' : `; ${near} is another name`}`
}

function field(message: Exchange['request'] | undefined, name: string): string {
  return header(message?.headers ?? [], name) ?? `no ${name}`
}

function maxAge(exchange: Exchange | null): string | undefined {
  return header(exchange?.response?.headers ?? [], 'Access-Control-Max-Age')
}
