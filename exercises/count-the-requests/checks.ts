import { check, header, jsonBody, matching, table, type Exchange, rule } from '#grader'
import {
  aboutTheLog,
  compare,
  entriesIn,
  entryOf,
  inWords,
  isLog,
  loggedBy,
  missingIn,
  wasGiven,
  visits,
} from './scenarios.ts'

const styleApplied = check('Chromium applied your style sheet to the heading', visits, {
  spec: 'RFC 9110 §8.3',
  reread: 'many',
  verify: ({ visit, wire, color }, expect) => {
    expect(visit).toHaveStatus(200)
    expect(part(wire, '/style.css'))
      .toHaveStatus(200)
      .toHaveHeader('Content-Type', matching('text/css', isType('text/css')))
    expect(color).toGive('rgb(0, 90, 160)')
  },
  diagnose: {
    'one-type-for-all': rule({
      when: ({ wire }) => isType('text/html')(typeOf(part(wire, '/style.css'))),
      say: 'The style sheet arrived and was called text/html, so Chromium left it unused. Each response says for itself what it is.',
    }),
  },
})

const scriptRan = check('Your script ran in the page', visits, {
  after: styleApplied,
  spec: 'RFC 9110 §8.3',
  reread: 'many',
  verify: ({ wire, title }, expect) => {
    expect(part(wire, '/app.js')).toHaveStatus(200)
    expect(title).toGive('ready')
  },
  diagnose: {
    'script-as-text': rule({
      when: ({ wire, title }) =>
        title.value !== 'ready' && !/javascript|ecmascript/i.test(typeOf(part(wire, '/app.js'))),
      say: (_, { wire }) =>
        `The script arrived and was called \`${typeOf(part(wire, '/app.js')) || 'nothing at all'}\`. Chromium runs a module only when its type says JavaScript.`,
    }),
  },
})

const imageDrawn = check('The logo was decoded and has a size', visits, {
  after: styleApplied,
  spec: 'RFC 9110 §8.3',
  reread: 'many',
  verify: ({ wire, width }, expect) => {
    expect(part(wire, '/logo.svg')).toHaveStatus(200)
    expect(width).toGive(64)
  },
  diagnose: {
    'picture-as-text': rule({
      when: ({ wire, width }) =>
        width.value === 0 && !isType('image/svg+xml')(typeOf(part(wire, '/logo.svg'))),
      say: (_, { wire }) =>
        `The picture arrived and was called \`${typeOf(part(wire, '/logo.svg')) || 'nothing at all'}\`. Chromium draws an SVG in an <img> only when it comes as image/svg+xml.`,
    }),
  },
})

const queryIgnored = check(
  'The page, a part of it and the log are found with a query in the address, too',
  visits,
  {
    after: styleApplied,
    spec: 'RFC 3986 §3.4',
    reread: 'many',
    verify: ({ again, againTitle, title, versioned, samePlaceLog }, expect) => {
      expect(again).toHaveStatus(200)
      expect(againTitle).toGive(title.value)
      expect(versioned).toHaveStatus(200)
      expect(samePlaceLog)
        .toHaveStatus(200)
        .toHaveJson(matching('a list of {"method": …, "path": …}', isLog))
    },
    diagnose: {
      'query-in-the-path': rule({
        when: ({ again, versioned, samePlaceLog, log }) =>
          log?.response?.status === 200 && notFound(again, versioned, samePlaceLog) !== undefined,
        say: (_, { again, versioned, samePlaceLog }) => {
          const { path, target } = notFound(again, versioned, samePlaceLog)!.request
          return `\`${path}\` was found and \`${target}\` was not. What stands behind the ? is the query; the path ends before it.`
        },
      }),
    },
  },
)

const missingSaid = check('What is nowhere was answered with 404', visits, {
  after: styleApplied,
  spec: 'RFC 9110 §15.5.5',
  reread: 'many',
  verify: ({ nowhere, icon }, expect) => {
    expect(nowhere).toHaveStatus(404)
    expect(icon).toHaveStatus(404)
  },
  diagnose: {
    'found-everywhere': rule({
      when: ({ nowhere, icon }) =>
        [nowhere, icon].some((exchange) => exchange?.response?.status === 200),
      say: (_, { nowhere, icon }) => {
        const { method, path } = [nowhere, icon].find(
          (exchange) => exchange?.response?.status === 200,
        )!.request
        return `\`${method} ${path}\` is none of your addresses, and the answer said 200: found. Programs read the status and not the page; to them, every address exists.`
      },
    }),
  },
})

const logTrue = check('/log lists the same requests as the recording on the wire', visits, {
  after: queryIgnored,
  reread: 'many',
  verify: ({ log, wire }, expect) => {
    expect(log).toHaveStatus(200).toHaveJson(matching('a list of {"method": …, "path": …}', isLog))
    const found = compare(entriesIn(log), wire, log!)
    expect(aboutTheLog(log).length, 'entries about /log itself', log!).toBe(0)
    expect.show(counted('Requests', wire, log!))
    expect(inWords(found.missing), 'requests that your log leaves out', log!).toBe('none')
    expect(
      inWords(found.surplus),
      'entries of your log that match no request on the wire',
      log!,
    ).toBe('none')
    expect(found.swapped, 'requests in the wrong order', log!).toBe('none')
  },
  diagnose: {
    'logs-itself': rule({
      when: ({ log }) => aboutTheLog(log).length > 0,
      say: (_, { log }) =>
        `Your log has ${inWords(aboutTheLog(log))}: the question for the log, which is not one about the site. It is the one request that stays out.`,
    }),
    'query-in-the-log': rule({
      when: ({ log }) => entriesIn(log).some((entry) => entry.includes('?')),
      say: (_, { log }) =>
        `Your log has \`${entriesIn(log).find((entry) => entry.includes('?'))}\`. What stands behind the ? is the query; the path ends before it, in the log as well.`,
    }),
    'leaves-out-the-icon': rule({
      when: ({ log, wire }) =>
        missingIn(log, wire).length > 0 &&
        missingIn(log, wire).every((entry) => entry.endsWith(' /favicon.ico')),
      say: 'GET /favicon.ico crossed the wire and is not in your log. No page named it: a browser with a window asks for it by itself. What a log leaves out, nobody will look for.',
    }),
    'leaves-out-the-missing': rule({
      when: ({ log, wire }) => {
        const missing = missingIn(log, wire)
        return missing.length > 1 && missing.every((entry) => wasGiven(entry, 404, wire))
      },
      say: (_, { log, wire }) =>
        `Your log has what was found and nothing else. Answered with 404, and not in it: ${inWords(missingIn(log, wire))}.`,
    }),
    'only-the-missing': rule({
      when: ({ log, wire }) =>
        entriesIn(log).length > 0 &&
        entriesIn(log).every((entry) => wasGiven(entry, 404, wire)) &&
        missingIn(log, wire).length > 0 &&
        missingIn(log, wire).every((entry) => wasGiven(entry, 200, wire)),
      say: 'Your log has what was answered with 404 and nothing else. A request that is answered before the log is written does not get into it.',
    }),
    'once-each': rule({
      when: ({ log, wire }) =>
        missingIn(log, wire).length > 0 &&
        missingIn(log, wire).every((entry) => entriesIn(log).includes(entry)),
      say: (_, { log, wire }) =>
        `${missingIn(log, wire)[0]} came more than once, and your log has it once. Whoever opens a page again asks again; each time is an exchange, and an entry.`,
    }),
    'log-per-connection': rule({
      when: ({ log, samePlaceLog, wire }) => {
        if (
          log === null ||
          samePlaceLog === null ||
          entriesIn(log).length > 0 ||
          entriesIn(samePlaceLog).length === 0
        )
          return false
        const own = wire.filter(({ connection }) => connection === samePlaceLog.connection)
        const { missing, surplus } = compare(entriesIn(samePlaceLog), own, samePlaceLog)
        return missing.length === 0 && surplus.length === 0
      },
      say: 'Asked over a connection of its own, /log was empty. Asked over one that Chromium had used before, it listed what had come over that one. A visitor uses several connections, and a connection may carry several visitors.',
    }),
    'newest-first': rule({
      when: ({ log, wire }) =>
        log !== null &&
        isLog(jsonBody(log.response)) &&
        compare(entriesIn(log), wire, log).swapped !== 'none' &&
        compare(entriesIn(log).toReversed(), wire, log).swapped === 'none',
      say: (_, { log }) =>
        `Your log begins with ${entriesIn(log)[0]}, which was the last to come. Read from its end, it is the order on the wire.`,
    }),
  },
})

const logGrows = check("A second visitor's requests are added to the same log", visits, {
  after: logTrue,
  reread: 'alone',
  verify: ({ log, laterLog, laterWire, secondVisit }, expect) => {
    expect(secondVisit).toHaveStatus(200)
    expect(laterLog)
      .toHaveStatus(200)
      .toHaveJson(matching('a list of {"method": …, "path": …}', isLog))
    expect(
      entriesIn(laterLog).length,
      'entries in the log, after the second visit',
      laterLog!,
    ).toBe(
      matching(
        `more than the ${entriesIn(log).length} before it`,
        (count) => count > entriesIn(log).length,
      ),
    )
    const found = compare(entriesIn(laterLog), laterWire, laterLog!)
    expect.show(counted('Requests, after the second visit', laterWire, laterLog!))
    expect(inWords(found.missing), 'requests that your log leaves out', laterLog!).toBe('none')
    expect(
      inWords(found.surplus),
      'entries of your log that match no request on the wire',
      laterLog!,
    ).toBe('none')
  },
  diagnose: {
    'begins-anew': rule({
      when: ({ laterLog, secondVisit, laterWire }) => {
        const since = laterWire.filter(
          ({ startedAt }) => startedAt >= (secondVisit?.startedAt ?? 0),
        )
        if (laterLog === null || since.length === 0) return false
        const { missing, surplus } = compare(entriesIn(laterLog), since, laterLog)
        return missing.length === 0 && surplus.length === 0
      },
      say: (_, { log, laterLog }) =>
        `There were ${entriesIn(log).length} entries. A second visitor came, and there were ${entriesIn(laterLog).length}: those of the second visit alone. Everybody’s requests belong into one log.`,
    }),
  },
})

export default { styleApplied, scriptRan, imageDrawn, queryIgnored, missingSaid, logTrue, logGrows }

function part(wire: readonly Exchange[], path: string): Exchange | null {
  return wire.find(({ request }) => request.path === path) ?? null
}

function notFound(...exchanges: readonly (Exchange | null)[]): Exchange | undefined {
  return exchanges.find((exchange) => exchange?.response?.status === 404) ?? undefined
}

function typeOf(exchange: Exchange | null): string {
  return header(exchange?.response?.headers ?? [], 'Content-Type') ?? ''
}

/** Whatever its parameters and its case. */
function isType(type: string): (value: string) => boolean {
  return (value) => value.split(';', 1)[0]!.trim().toLowerCase() === type
}

/**
 * Each request once, in alphabetical order: how often it crossed the wire, and how often it is in
 * the log.
 */
function counted(title: string, wire: readonly Exchange[], log: Exchange) {
  const onWire = loggedBy(wire, log).map(entryOf)
  const count = (list: readonly string[], words: string) =>
    String(list.filter((each) => each === words).length)
  const rows = [...new Set([...onWire, ...entriesIn(log)])]
    .toSorted()
    .map((words) => [words, count(onWire, words), count(entriesIn(log), words)])
  return table(title, ['request', 'on the wire', 'in your log'], rows)
}
