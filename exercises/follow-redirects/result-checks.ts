import { check, rule } from '#grader'
import { ENOUGH } from './limits.ts'
import {
  anError,
  chainOf,
  givenBy,
  isResultRight,
  hasRejected,
  resultOf,
  rightResult,
  rightChain,
  seen,
} from './reading.ts'
import { follows, methods } from './request-checks.ts'
import { resolve } from './address-checks.ts'
import { codes, limits as unlimited, results } from './scenarios.ts'
import type { Row } from './servers.ts'
import { MOST_REDIRECTS } from './steps.ts'

const MOST_REQUESTS = MOST_REDIRECTS + 1

export const chain = check(
  'The result is the last answer, with every request in its chain',
  codes,
  {
    after: methods,
    reread: 'follow',

    verify: (rows, expect) =>
      expect.each(typicalOf(rows), (row, expect) => {
        expect(resultOf(row), 'result', seen(row)).toBe(rightResult(row))
        const [lines, right] = [chainOf(row), rightChain(row)]
        expect(lines.length, 'entries in chain', seen(row)).toBe(right.length)
        for (const [index, line] of right.entries())
          expect(lines[index], `chain[${index}]`, seen(row)).toBe(line)
      }),

    diagnose: {
      'chain-without-last': rule({
        when: (rows) => {
          const [wrong] = wrongChains(rows)
          return wrong && same(chainOf(wrong), rightChain(wrong).slice(0, -1)) && wrong
        },
        say: ({ asked }) =>
          `${asked.length} requests were sent, and the chain lists ${asked.length - 1} of them. The last one, which ` +
          'brought the answer, is missing. It is a request like the others.',
      }),
      'address-as-written': rule({
        when: (rows) => {
          const [wrong] = wrongChains(rows)
          return wrong && addressesOf(wrong).find((address) => !URL.canParse(address))
        },
        say: (address) =>
          `An address in the chain is \`${address}\`, as Location has it. Alone, it doesn't say which ` +
          'server was asked; a whole address does.',
      }),
      'address-of-next': rule({
        when: (rows) => {
          const [wrong] = wrongChains(rows)
          return wrong && addressesOf(wrong)[0] === wrong.steps[1]?.url && wrong
        },
        say: ({ steps: [first, second] }) =>
          `\`${first?.url}\` answered ${first?.status}, but your chain says that \`${second?.url}\` did. An ` +
          'entry has the address that was asked, and the status that came from there.',
      }),
    },
  },
)

export const noLocation = check('A redirect without Location is simply the answer', results, {
  after: follows,
  spec: 'RFC 9110 §15.4',
  reread: 'follow',

  verify: ({ withoutLocation }, expect) =>
    expect.each(withoutLocation, (row, expect) => {
      expect(row.asked.length, 'requests', seen(row)).toBe(row.steps.length)
      expect(resultOf(row), 'result', seen(row)).toBe(rightResult(row))
    }),

  diagnose: {
    'asks-for-nothing': rule({
      when: ({ withoutLocation }) =>
        withoutLocation.find(({ asked, steps }) => asked.length > steps.length)?.asked.at(-1),
      say: ({ method, url }) =>
        `The answer had no Location, and then you sent ${method} \`${url}\`. No server named that ` +
        'address. Where nothing says how to go on, this answer is the result.',
    }),
    'rejects-without-location': rule({
      when: ({ withoutLocation }) => {
        const wrong = withoutLocation.find((row) => !isResultRight(row))
        return wrong && hasRejected(wrong) && wrong
      },
      say: ({ steps, call }) =>
        `${steps.at(-1)?.status} came without Location, and \`follow\` rejected (${call.error}). Location is only ` +
        'recommended with these codes. Browsers show the content of such an answer, and here it is the result.',
    }),
  },
})

export const onlyFive = check(
  'Only the five codes are followed, and an error is an answer',
  results,
  {
    after: follows,
    spec: 'RFC 9110 §10.2.2',
    reread: 'five-codes',

    verify: ({ others }, expect) =>
      expect.each(others, (row, expect) => {
        expect(row.asked.length, 'requests', seen(row)).toBe(row.steps.length)
        expect(resultOf(row), 'result', seen(row)).toBe(rightResult(row))
      }),

    diagnose: {
      'follows-others': rule({
        when: ({ others }) => others.find(({ asked, steps }) => asked.length > steps.length),
        say: ({ steps }) =>
          `${steps.at(-1)?.status} came with a Location, and you followed it. Location means different things ` +
          'with different codes: with 201, for example, it names what was created. Only five codes send you on.',
      }),
      'rejects-errors': rule({
        when: ({ others }) => {
          const wrong = others.find((row) => !isResultRight(row))
          return wrong && wrong.steps.at(-1)?.status === 404 && hasRejected(wrong) && wrong
        },
        say: ({ call }) =>
          `A redirect led to a 404, and \`follow\` rejected (${call.error}). A server answered, so there is a ` +
          'result: its status says what went wrong.',
      }),
    },
  },
)

export const limits = check(
  'Endless chains are given up with an error, long ones are not',
  unlimited,
  {
    after: resolve,
    spec: 'RFC 9110 §15.4',
    reread: 'follow',

    verify: ({ finite, endless, circle }, expect) => {
      expect.each(finite, (row, expect) => {
        expect(row.asked.length, 'requests', seen(row)).toBe(row.steps.length)
        expect(resultOf(row), 'result', seen(row)).toBe(rightResult(row))
      })
      expect(endless.asked.length, 'requests along an endless chain', seen(endless)).toBe(
        MOST_REQUESTS,
      )
      expect(endless.call).toThrow(anError)
      const inCircle = Math.min(circle.asked.length, MOST_REQUESTS)
      expect(
        circle.asked.length,
        `requests in a circle, at most ${MOST_REQUESTS}`,
        seen(circle),
      ).toBe(inCircle)
      expect(circle.call).toThrow(anError)
    },

    diagnose: {
      'gives-up-early': rule({
        when: ({ finite: [long] }) =>
          long && long.asked.length < MOST_REQUESTS && hasRejected(long) && long,
        say: ({ asked }) =>
          `This chain has ${MOST_REDIRECTS} redirects, which is allowed, but \`follow\` rejected after ${asked.length} ` +
          `requests. The first request follows no redirect, so there are ${MOST_REQUESTS} in all.`,
      }),
      'same-address': rule({
        when: ({ finite: [, form] }) =>
          form && form.asked.length === 1 && hasRejected(form) && form,
        say: ({ steps }) =>
          `A POST to \`${steps[0]?.url}\` was answered with 303 and its own address, and \`follow\` rejected. ` +
          'A GET for it was never sent, so this is not a circle. Many forms lead back to themselves in this way.',
      }),
      'only-circles': rule({
        when: ({ endless, circle }) =>
          endless.asked.length >= ENOUGH && hasRejected(circle) && endless,
        say: () =>
          `A circle was given up. But along a chain in whose address a number grows, ${ENOUGH} requests came, ` +
          'and then the server ended it. Its addresses never repeat, so count the redirects as well.',
      }),
      'no-limit': rule({
        when: ({ endless }) => endless.asked.length >= ENOUGH && endless,
        say: () =>
          `${ENOUGH} requests came along a chain without an end, and then the server ended it. Nothing in ` +
          'your program would have. One wrong rule on a server is enough for such a chain.',
      }),
      'gives-last-redirect': rule({
        when: ({ endless }) => endless.call.error === null && endless,
        say: (row) =>
          `The chain was given up, but \`follow\` resolved, with the status ${String(givenBy(row)['status'])}. Its ` +
          'caller takes that for the answer, and never learns that there was none.',
      }),
      'one-too-many': rule({
        when: ({ endless }) => endless.asked.length === MOST_REQUESTS + 1 && endless,
        say:
          `One more request came than there should be. ${MOST_REDIRECTS} redirects are ${MOST_REQUESTS} requests, ` +
          'because the first one is sent before any redirect.',
      }),
    },
  },
)

export const scheme = check('An address that is not HTTP is not asked', unlimited, {
  after: follows,
  spec: 'RFC 9110 §4.2',
  reread: 'follow',

  verify: ({ ftp }, expect) => {
    expect(ftp.asked.length, 'requests (Location is an ftp: address)', seen(ftp)).toBe(1)
    expect(ftp.call).toThrow(anError)
  },

  diagnose: {
    'speaks-http-to-ftp': rule({
      when: ({ ftp }) => ftp.asked[1],
      say: ({ url }) =>
        'Location began with `ftp://`, and an HTTP request came to that host and port: ' +
        `\`${url}\`. The scheme says which protocol is spoken there, and here it is another one.`,
    }),
    'gives-ftp-redirect': rule({
      when: ({ ftp }) => ftp.asked.length === 1 && ftp.call.error === null && ftp,
      say:
        'The redirect led to `ftp://…`, which you cannot follow, and `follow` resolved with the redirect. ' +
        'The caller asked for what is at the end of the chain, so reject and say why it cannot be had.',
    }),
  },
})

/** One for each method, and those with several redirects. */
function typicalOf(rows: readonly Row[]): Row[] {
  const names = ['301 after GET', '302 after POST', '307 after PUT', '303 after HEAD']
  return rows.filter(({ name, steps }) => names.includes(name) || steps.length > 2)
}

/** Those whose answer is right, but not their chain. */
function wrongChains(rows: readonly Row[]): Row[] {
  return typicalOf(rows).filter((row) => isResultRight(row) && !same(chainOf(row), rightChain(row)))
}

function addressesOf(row: Row): string[] {
  return chainOf(row).map((line) => line.split(' ')[1] ?? '')
}

function same(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((line, index) => line === other[index])
}
