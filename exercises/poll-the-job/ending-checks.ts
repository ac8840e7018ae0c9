import { check, matching, rule, type ConsoleResult } from '#grader'
import { FAILED, MADE, nameOf } from './asked.ts'
import { followsLocation } from './asking-checks.ts'
import { failing, interrupted, made, type Seen } from './scenarios.ts'

export const progress = check('#status shows every percentage while the job runs', made, {
  after: followsLocation,
  reread: 'accepted',

  verify: ({ percents, polls, seen }, expect) => {
    expect(inTab(seen), 'what the tab shows in the end').toBe(YOUR_PAGE)
    percents.forEach((percent, index) => {
      const shown = seen.status.find((text) => names(percent, text)) ?? asList(seen.status)
      const what = `what #status showed after the answer with ${percent} percent`
      const wanted = matching(`a text with ${percent} in it`, () => names(percent, shown))
      expect(shown, what, polls[index]).toBe(wanted)
    })
  },

  diagnose: {
    'silent-status': rule({
      when: ({ seen, polls }) => seen.isThere && seen.status.length === 0 && polls[0],
      say: (_, { percents }) =>
        `The service said how far it was, ${percents.join(' and then ')} percent, but #status ` +
        'stayed empty. Somebody who waits without news clicks again, or leaves.',
    }),
    'state-alone': rule({
      when: ({ seen: { status }, percents, polls }) =>
        status.length > 0 && !status.some((text) => names(percents[0], text)) && polls[0],
      say: (_, { seen }) =>
        `#status showed ${asList(seen.status)}. The percentage is in the JSON, under the name ` +
        '`percent`.',
    }),
  },
})

export const result = check('The finished report is shown, and then your page asks no more', made, {
  after: followsLocation,
  spec: 'RFC 9110 §15.4.4',
  reread: 'kinds',

  verify: ({ told, end, reports, result, error, report, afterwards, seen }, expect) => {
    expect(told, 'the last that your page was told about the job', end).toBe(MADE)
    const [first] = reports
    const what = 'what was asked for after the 303'
    expect(first ? nameOf(first) : 'nothing', what, end).toBe(matching('the report', () => !!first))
    expect(inTab(seen), 'what the tab shows in the end').toBe(YOUR_PAGE)
    expect(result).toGive(report)
    expect(error).toGive('')
    expect(noneOrSome(afterwards), 'questions after the report had come', afterwards[0]).toBe(
      'none',
    )
  },

  diagnose: {
    'does-not-follow': rule({
      when: ({ end, reports }) => reports.length === 0 && end,
      say:
        'Chromium got a 303 for the job, but nobody asked for the address in its Location. `fetch` ' +
        'does that by itself, unless its option `redirect` says otherwise.',
    }),
    'reads-json': rule({
      when: ({ reports, result, seen }) =>
        seen.isThere && reports.length > 0 && isText(result, '') && result,
      say:
        '`fetch` followed the 303 for you, so what your script got was the report: status 200, and ' +
        'a text that is not JSON. #result stayed empty. `response.redirected` tells you that the ' +
        'job is over.',
    }),
    'promise-as-result': rule({
      when: ({ result }) => isText(result, '[object Promise]'),
      say: '#result shows a promise. `response.text()` gives one: await it, and you have the text.',
    }),
    'never-stops': rule({
      when: ({ afterwards }) => afterwards[0],
      say:
        'The page had the report, and your script asked about the job again. Nothing more can ' +
        'come of it, but the service has to answer for as long as the tab is open.',
    }),
  },
})

export const failure = check('A failed job is reported, and then your page asks no more', failing, {
  after: followsLocation,
  reread: 'accepted',

  verify: ({ told, end, reason, error, afterwards }, expect) => {
    expect(told, 'the last that your page was told about the job', end).toBe(FAILED)
    expect(error).toMention(reason)
    expect(noneOrSome(afterwards), 'questions after the job had failed', afterwards[0]).toBe('none')
  },

  diagnose: {
    'asks-a-failed-job': rule({
      when: ({ afterwards, error, reason, end }) =>
        afterwards.length > 0 && (isWith(error, reason) ? afterwards[0] : end),
      say: 'The answer said `"state": "failed"`, and your page asked again. A failed job stays failed.',
    }),
    'failure-elsewhere': rule({
      when: ({ error, seen: { status, result }, reason }) =>
        isText(error, '') && [...status, ...result].find((text) => text.includes(reason)),
      say: (text) =>
        `The page showed \`${text}\`, but not in #error. The status was 200 because the question ` +
        'could be answered. What became of the job is in `state`.',
    }),
    'failure-without-reason': rule({
      when: ({ error }) => !isText(error, '') && error,
      say: (_, { reason }) =>
        `Your page says that it failed, but not why. The answer has it under the name \`reason\`: ` +
        `\`${reason}\`.`,
    }),
  },
})

export const patient = check('A 503 in between did not end the job', interrupted, {
  after: result,
  spec: 'RFC 9110 §15.6.4',
  reread: 'accepted',

  verify: ({ busyAnswer, again, job, result, report, error }, expect) => {
    const next = again ? nameOf(again) : 'nothing'
    expect(next, 'what your page asked for after the 503', busyAnswer).toBe(`GET ${job}`)
    expect(result).toGive(report)
    expect(error).toGive('')
  },

  diagnose: {
    'gives-up-on-503': rule({
      when: ({ again, busyAnswer }) => !again && busyAnswer,
      say:
        'The service was busy for a moment. It said so with a 503 and a page of HTML, and it said ' +
        'when to come back. Your page never came back, so its user lost a report that was made.',
    }),
    'busy-as-failure': rule({
      when: ({ error }) => !isText(error, '') && error,
      say: ({ value }) =>
        `#error shows \`${String(value)}\`, but the job hadn't failed. The service was too busy to ` +
        'answer one question, and the report came after that.',
    }),
  },
})

export const again = check('After a failure, the next click orders another report', failing, {
  after: failure,
  reread: 'accepted',

  verify: ({ ordersLater }, expect) => {
    expect(ordersLater, 'POST requests to /reports after the next click').toBe(1)
  },

  diagnose: {
    'once-for-ever': rule({
      when: ({ ordersLater }) => ordersLater === 0,
      say:
        'The job had failed and was over, but a click on #go sent nothing. Somebody who wants to ' +
        'try again has to load the page anew.',
    }),
  },
})

const YOUR_PAGE = 'your page'

function inTab({ isThere }: Seen): string {
  return isThere ? YOUR_PAGE : 'another page'
}

/** Also where it is there twice, as a meter's own text and beside it. */
function names(percent: number, text: string): boolean {
  return text.includes(String(percent))
}

/** How many come while the page is looked at depends on how quick the machine is. */
function noneOrSome(questions: readonly unknown[]): string {
  return questions.length === 0 ? 'none' : 'some'
}

function asList(texts: readonly string[]): string {
  return texts.map((text) => `\`${text}\``).join(', ') || 'nothing'
}

function isText({ value }: ConsoleResult, text: string): boolean {
  return value === text
}

function isWith({ value }: ConsoleResult, text: string): boolean {
  return String(value).includes(text)
}
