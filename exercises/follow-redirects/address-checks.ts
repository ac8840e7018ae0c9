import { check, rule, type Expect } from '#grader'
import { fieldOf, isSecret, NOT_SENT, ordinal, seen, sent } from './reading.ts'
import { follows } from './request-checks.ts'
import { addresses, fields } from './scenarios.ts'
import type { Asked, Row } from './servers.ts'

const NO_REQUEST = 'no request'

export const resolve = check('Every kind of Location leads to the right address', addresses, {
  after: follows,
  spec: 'RFC 9110 §10.2.2',
  reread: 'follow',

  verify: (rows, expect) =>
    expect.each(rows, (row, expect) => {
      for (const [index, { url }] of row.steps.entries())
        expect(
          row.asked[index]?.url ?? NO_REQUEST,
          `the ${ordinal(index)} address`,
          seen(row),
        ).toBe(url)
      for (const [index, asked] of row.asked.entries())
        expect(fieldOf(asked, 'Host'), `Host of the ${ordinal(index)} request`, sent(asked)).toBe(
          new URL(row.servers[asked.at]).host,
        )
    }),

  diagnose: {
    'fragment-sent': rule({
      when: (rows) => {
        const wrong = firstWrongAddress(rows)
        return wrong && wrong.received?.includes('#') && wrong
      },
      say: ({ received }) =>
        `You sent \`${received}\`. What follows the # is for the client alone, which looks for that ` +
        'place in what it gets. A server never sees it.',
    }),
    'query-lost': rule({
      when: (rows) => {
        const wrong = firstWrongAddress(rows)
        return wrong && wrong.received === wrong.right.split('?')[0] && wrong
      },
      say: ({ location, received }) =>
        `Location was \`${location}\`, and you asked for \`${received}\`. The query is part of what a ` +
        'server is asked for: without it, this is another address.',
    }),
    'first-address': rule({
      when: (rows) => {
        const wrong = firstWrongAddress(rows)
        const fromFirst = wrong && URL.parse(wrong.location, wrong.first)?.href
        return wrong && wrong.index > 1 && wrong.received === fromFirst && wrong
      },
      say: ({ location, before, right, first }) =>
        `\`${location}\` came from \`${before}\`, so it leads to \`${right}\`. You resolved it against ` +
        `\`${first}\`, with which the call began.`,
    }),
    'joined-texts': rule({
      when: (rows) => {
        const wrong = firstWrongAddress(rows)
        return wrong && !/^https?:/.test(wrong.location) && wrong
      },
      say: ({ location, before, right, received, error }) =>
        `\`Location: ${location}\` was answered to a request for \`${before}\`. Read like a link on that ` +
        `page, it leads to \`${right}\`. ` +
        (received === undefined
          ? `But no request came${error === null ? '' : `: \`follow\` ended with ${error}`}.`
          : `But you asked for \`${received}\`.`),
    }),
  },
})

export const keepsFields = check('On the same origin, all given fields are sent again', fields, {
  after: follows,
  spec: 'RFC 9110 §15.4',
  reread: 'follow',

  verify: ({ home }, expect) =>
    expect.each(home, (row, expect) => claimFields(row, expect, () => '')),

  diagnose: {
    'fields-lost': rule({
      when: ({ home }) => {
        const lacking = firstLacking(home)
        return lacking?.some(([name]) => !isSecret(name)) && lacking
      },
      say: (lacking) =>
        `After the redirect, ${namesOf(lacking)} were missing. A redirect changes the address, and the ` +
        'request stays what it was: it needs the same fields there.',
    }),
    'secrets-lost': rule({
      when: ({ home }) => {
        const lacking = firstLacking(home)
        return lacking?.every(([name]) => isSecret(name)) && lacking
      },
      say: (lacking) =>
        `${namesOf(lacking)} did not come again, although the next address has the same origin. That ` +
        'server had been given them before, and without them it answers 401.',
    }),
  },
})

export const secrets = check('Authorization and Cookie do not travel to another origin', fields, {
  after: keepsFields,
  spec: 'RFC 9110 §15.4',
  reread: 'follow',

  verify: ({ away }, expect) =>
    expect.each(away, (row, expect) => claimFields(row, expect, ({ at }) => `, to ${at}`)),

  diagnose: {
    'secrets-return': rule({
      when: ({ away }) => {
        const leak = firstLeak(away)
        return leak?.asked.at === 'A' && leak
      },
      say: ({ names }) =>
        `B redirected to A, and you sent ${listed(names)} to A again. B chose that address, and with ` +
        'your token it would be answered as if you had chosen it. What was left out stays out.',
    }),
    'spelled-differently': rule({
      when: ({ away }) => {
        const leak = firstLeak(away)
        return leak?.names.every((name) => name === 'authorization' || name === 'COOKIE') && leak
      },
      say: ({ names }) =>
        `B received ${listed(names)}. In another spelling you held them back, but names of fields ` +
        'have no case: for a server, these are the same fields.',
    }),
    'secrets-copied': rule({
      when: ({ away }) => firstLeak(away),
      say: ({ names, row }) =>
        `B (${row.servers.B}) received ${listed(names)}, meant for A (${row.servers.A}). Another port is ` +
        `another origin, and it may belong to somebody else. Anyone who reads it there can act in your name.`,
    }),
    'all-fields-lost': rule({
      when: ({ away }) => firstLacking(away),
      say: (lacking) =>
        `The request to another origin came without ${namesOf(lacking)}. Only Authorization and Cookie ` +
        'are secrets between you and one origin. The other fields say what you want, and B has to know that, too.',
    }),
  },
})

/** What goes along to a request, as far as origins allow. Fields about content go with it. */
/** Each request of a chain has the fields that it has to have, and no secret that it must not. */
function claimFields(row: Row, expect: Expect, to: (asked: Asked) => string): void {
  for (const [index] of row.steps.entries()) {
    const asked = row.asked[index]
    expect(asked ? 'a request' : NO_REQUEST, `the ${ordinal(index)} request`, seen(row)).toBe(
      'a request',
    )
    for (const [name, value] of lasting(row, asked!))
      expect(
        fieldOf(asked!, name),
        `${name} in the ${ordinal(index)} request${to(asked!)}`,
        sent(asked!),
      ).toBe(isSecret(name) && hasLeft(row, index) ? NOT_SENT : value)
  }
}

function lasting({ headers, method }: Row, asked: Asked): (readonly [string, string])[] {
  const hasContent = asked.method === method
  return Object.entries(headers).filter(([name]) => hasContent || !/^content-/i.test(name))
}

/** Whether the chain has left its first origin by then. */
function hasLeft({ steps }: Row, index: number): boolean {
  return steps.slice(0, index + 1).some(({ at }) => at !== steps[0]!.at)
}

/** The first request at another address than the right one. */
function firstWrongAddress(rows: readonly Row[]) {
  for (const { steps, asked, call } of rows) {
    const index = steps.findIndex(({ url }, at) => asked[at]?.url !== url)
    if (index === 0) return undefined
    if (index > 0) {
      const { url: before, location = '' } = steps[index - 1]!
      const [received, right, first] = [asked[index]?.url, steps[index]!.url, steps[0]!.url]
      return { index, before, location, received, right, first, error: call.error }
    }
  }
  return undefined
}

/** The fields that are missing in the first request that lacks any it should have. */
function firstLacking(rows: readonly Row[]): (readonly [string, string])[] | undefined {
  for (const row of rows) {
    for (const [index, asked] of row.asked.entries()) {
      const lacking = lasting(row, asked).filter(
        ([name, value]) =>
          !(isSecret(name) && hasLeft(row, index)) && fieldOf(asked, name) !== value,
      )
      if (lacking.length > 0) return lacking
    }
  }
  return undefined
}

interface Leak {
  readonly row: Row
  readonly asked: Asked
  readonly names: readonly string[]
}

/** The first request with a secret that is not for it. */
function firstLeak(rows: readonly Row[]): Leak | undefined {
  for (const row of rows) {
    for (const [index, asked] of row.asked.entries()) {
      const names = Object.keys(row.headers).filter(
        (name) => isSecret(name) && hasLeft(row, index) && fieldOf(asked, name) !== NOT_SENT,
      )
      if (names.length > 0) return { row, asked, names }
    }
  }
  return undefined
}

function namesOf(fields: readonly (readonly [string, string])[]): string {
  return listed(fields.map(([name]) => name))
}

function listed(items: readonly string[]): string {
  return items.map((item) => `\`${item}\``).join(' and ')
}
