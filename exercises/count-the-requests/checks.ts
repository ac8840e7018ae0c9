import { check, field, hasStatus, hasType, matching, rule, type, type Exchange } from '#grader'
import {
  aboutItself,
  aListOfRequests,
  counted,
  isComplete,
  isReversed,
  visits,
  wasGiven,
} from './scenarios.ts'

const styleApplied = check('Chromium applied your style sheet to the heading', visits, {
  spec: 'RFC 9110 §8.3',
  reread: 'many',

  verify: ({ visit, style, color }, expect) => {
    expect(visit).toHaveStatus(200)
    expect(style).toHaveStatus(200).toHaveHeader('Content-Type', type('text/css'))
    expect(color).toGive('rgb(0, 90, 160)')
  },

  diagnose: {
    'one-type-for-all': rule({
      when: ({ visit, style }) =>
        hasStatus(200)(visit) && hasStatus(200)(style) && hasType('text/html')(style) && style,
      say:
        'The style sheet arrived as text/html, so Chromium did not apply it. ' +
        'Each response has to say for itself what it is.',
      alsoEarnedBy: ['stub'],
    }),
  },
})

const scriptRan = check('Your script ran in the page', visits, {
  after: styleApplied,
  spec: 'RFC 9110 §8.3',
  reread: 'many',

  verify: ({ script, title }, expect) => {
    expect(script).toHaveStatus(200)
    expect(title).toGive('ready')
  },

  diagnose: {
    'script-as-text': rule({
      when: ({ script }) => hasStatus(200)(script) && !isJavaScript(script) && script,
      say: (script) =>
        `The script arrived ${asDeclared(script)}. ` +
        'Chromium runs a module only when its type says JavaScript.',
    }),
  },
})

const imageDrawn = check('The logo was decoded and has a size', visits, {
  after: styleApplied,
  spec: 'RFC 9110 §8.3',
  reread: 'many',

  verify: ({ logo, width }, expect) => {
    expect(logo).toHaveStatus(200)
    expect(width).toGive(64)
  },

  diagnose: {
    'picture-as-text': rule({
      when: ({ logo }) => hasStatus(200)(logo) && !hasType('image/svg+xml')(logo) && logo,
      say: (logo) =>
        `The picture arrived ${asDeclared(logo)}. ` +
        'Chromium draws an SVG in an <img> only when its type is image/svg+xml.',
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

    verify: ({ again, titleAgain, title, versioned, logInPage }, expect) => {
      expect(again).toHaveStatus(200)
      expect(titleAgain).toGive(title.value)
      expect(versioned).toHaveStatus(200)
      expect(logInPage).toHaveStatus(200).toHaveJson(aListOfRequests)
    },

    diagnose: {
      'query-in-the-path': rule({
        when: ({ log, again, versioned, logInPage }) =>
          hasStatus(200)(log) && [again, versioned, logInPage].find(hasStatus(404)),
        say: ({ request: { path, target } }) =>
          `You have something at \`${path}\`, but you answered \`${target}\` with 404. ` +
          'The query begins at the question mark, and the path ends before it.',
      }),
    },
  },
)

const missingSaid = check('What is not part of the site was answered with 404', visits, {
  after: styleApplied,
  spec: 'RFC 9110 §15.5.5',
  reread: 'many',

  verify: ({ nowhere, icon }, expect) => {
    expect(nowhere).toHaveStatus(404)
    expect(icon).toHaveStatus(404)
  },

  diagnose: {
    'found-everywhere': rule({
      when: ({ nowhere, icon }) => [nowhere, icon].find(hasStatus(200)),
      say: ({ request: { method, path } }) =>
        `You have nothing for \`${method} ${path}\`, but your answer says 200: found. ` +
        'A program reads the status and not the page, so to a program every address exists.',
    }),
  },
})

const logTrue = check('/log lists the same requests as the recording on the wire', visits, {
  after: queryIgnored,
  reread: 'many',

  verify: ({ log }, expect) => {
    expect(log).toHaveStatus(200).toHaveJson(aListOfRequests)
    expect(aboutItself(log).length, 'entries about /log itself', log).toBe(0)
    expect.show(counted('Requests', log))
    expect(list(log.missing), 'requests that your log leaves out', log).toBe('none')
    expect(list(log.surplus), 'entries of your log that match no request', log).toBe('none')
    expect(log.swapped ?? 'none', 'requests in the wrong order', log).toBe('none')
  },

  diagnose: {
    'logs-itself': rule({
      when: ({ log }) => aboutItself(log),
      say: (entries) =>
        `Your log has ${list(entries)}. A request for the log says nothing about the site, so ` +
        'it is the one request that stays out.',
    }),
    'query-in-the-log': rule({
      when: ({ log }) => log.entries.find((entry) => entry.includes('?')),
      say: (entry) =>
        `Your log has \`${entry}\`. The query begins at the question mark, and the path ends ` +
        'before it, in the log as well.',
    }),
    'leaves-out-the-icon': rule({
      when: ({ log: { missing } }) => missing.every(isAboutTheIcon) && missing,
      say:
        'GET /favicon.ico crossed the wire but is not in your log. No page named it: a browser ' +
        'with a window asks for it by itself. What a log leaves out, nobody will look for.',
    }),
    'leaves-out-the-missing': rule({
      when: ({ log }) =>
        log.missing.length > 1 && log.missing.every(wasGiven(404, log)) && log.missing,
      say: (missing) =>
        'Your log has only what was found. ' +
        `You answered these with 404, and they are not in it: ${list(missing)}.`,
    }),
    'only-the-missing': rule({
      when: ({ log }) =>
        log.entries.length > 0 &&
        log.entries.every(wasGiven(404, log)) &&
        log.missing.every(wasGiven(200, log)) &&
        log.missing,
      say:
        'Your log has only what you answered with 404. Write a request into the log before you ' +
        'answer it; otherwise what you find never gets there.',
    }),
    'once-each': rule({
      when: ({ log: { missing, entries } }) =>
        missing.every((entry) => entries.includes(entry)) && missing,
      say: ([entry]) =>
        `${entry} came more than once, but your log has it once. If you open a page again, your ` +
        'browser asks again. Each time is an exchange, and an entry.',
    }),
    'log-per-connection': rule({
      when: ({ log, logOfConnection: other }) =>
        log.entries.length === 0 && other && other.entries.length > 0 && isComplete(other) && log,
      say:
        'Over a connection of its own, /log gave an empty list. Over a connection that Chromium ' +
        'had used before, it listed what had come over that one. A visitor uses several ' +
        'connections, and a connection may carry several visitors.',
    }),
    'newest-first': rule({
      when: ({ log }) => isReversed(log) && log,
      say: ({ entries: [first] }) =>
        `Your log begins with ${first}, which was the last to come. ` +
        'Read from its end, it has the order on the wire.',
    }),
  },
})

const logGrows = check("A second visitor's requests are added to the same log", visits, {
  after: logTrue,
  reread: 'alone',

  verify: ({ log, laterLog, secondVisit }, expect) => {
    expect(secondVisit).toHaveStatus(200)
    expect(laterLog).toHaveStatus(200).toHaveJson(aListOfRequests)
    const entries = 'entries in the log, after the second visit'
    expect(laterLog.entries.length, entries, laterLog).toBe(moreThan(log.entries.length))
    expect.show(counted('Requests, after the second visit', laterLog))
    expect(list(laterLog.missing), 'requests that your log leaves out', laterLog).toBe('none')
    expect(list(laterLog.surplus), 'entries of your log that match no request', laterLog).toBe(
      'none',
    )
  },

  diagnose: {
    'begins-anew': rule({
      when: ({ logOfSecondVisit: alone, laterLog }) =>
        alone.requests.length > 0 && isComplete(alone) && laterLog,
      say: (laterLog, { log }) =>
        `Your log had ${log.entries.length} entries. After a second visitor came it had ` +
        `${laterLog.entries.length}: those of the second visit alone. ` +
        'The requests of all visitors belong in one log.',
    }),
  },
})

export default { styleApplied, scriptRan, imageDrawn, queryIgnored, missingSaid, logTrue, logGrows }

function list(entries: readonly string[]): string {
  return entries.toSorted().join(', ') || 'none'
}

function isAboutTheIcon(entry: string): boolean {
  return entry.endsWith(' /favicon.ico')
}

function isJavaScript(script: Exchange | null): boolean {
  return /javascript|ecmascript/i.test(field(script, 'Content-Type') ?? '')
}

/** ``as `text/plain` ``: what its Content-Type says, as it was sent. */
function asDeclared(exchange: Exchange): string {
  const type = field(exchange, 'Content-Type')
  return type ? `as \`${type}\`` : 'without a Content-Type'
}

function moreThan(before: number) {
  return matching(`more than the ${before} before it`, (count: number) => count > before)
}
