import { check, field, hasStatus, matching, rule, status } from '#grader'
import { contentRange, exact, suffix } from './range-checks.ts'
import { asked, resumed } from './scenarios.ts'

export const unsatisfiable = check('A range outside the file gets 416, with the size', asked, {
  after: suffix,
  spec: 'RFC 9110 §15.5.17',
  reread: 'ranges',

  verify: ({ outside, size }, expect) => {
    expect.each(outside, ({ exchange }, expect) => {
      expect(exchange).toHaveStatus(416).toHaveHeader('Content-Range', `bytes */${size}`)
    })
  },

  diagnose: {
    'past-the-end-is-everything': rule({
      when: ({ outside }) =>
        outside.find(({ name, came }) => name !== ZERO_SUFFIX && came === EVERYTHING),
      say: ({ name }, { size }) =>
        `\`Range: ${name}\` begins after the last byte, and the whole file came. A client that ` +
        `already has all ${size} bytes asks so to see whether there are more. It loads everything ` +
        'once more; 416 tells it that it is done.',
    }),
    'zero-suffix': rule({
      when: ({ outside }) =>
        outside.find(({ name, came }) => name === ZERO_SUFFIX && came.endsWith('whole file')),
      say:
        '`Range: bytes=-0` asks for the last 0 bytes, and the whole file came. No answer can have ' +
        '0 bytes of it as a part, so this range lies outside, too.',
    }),
    'empty-part': rule({
      when: ({ outside }) =>
        outside.find(({ exchange, came }) => status(exchange) === 206 && came.endsWith('no bytes')),
      say: ({ name }) =>
        `\`Range: ${name}\` was answered with a 206 that has no bytes. 206 says that the part is ` +
        'here, so the client comes back for the rest again and again. 416 ends that.',
    }),
    'size-untold': rule({
      when: ({ outside, size }) =>
        outside.find(
          ({ exchange }) =>
            status(exchange) === 416 && field(exchange, 'Content-Range') !== `bytes */${size}`,
        ),
      say: ({ name, exchange }, { size }) => {
        const received = field(exchange, 'Content-Range')
        const has = received === undefined ? 'no Content-Range' : `\`Content-Range: ${received}\``
        return (
          `The 416 for \`Range: ${name}\` has ${has}. The client asked beyond the end because it ` +
          `doesn't know where that is. \`bytes */${size}\` tells it.`
        )
      },
    }),
  },
})

export const ignores = check("A range that you don't support does no harm", asked, {
  after: exact,
  spec: 'RFC 9110 §14.2',
  reread: 'ranges',

  verify: ({ odd }, expect) => {
    expect.each(odd, ({ name, exchange, came, isTrue }, expect) => {
      if (isTrue && mayBePart(name)) expect(exchange).toHaveStatus(206)
      else expect(came, 'what came', exchange).toBe(name === UNIT ? EVERYTHING : everythingOr416)
    })
  },

  diagnose: {
    'unit-refused': rule({
      when: ({ odd }) =>
        odd.find(({ name, exchange }) => name === UNIT && (status(exchange) ?? 0) >= 400),
      say: ({ name, exchange }) =>
        `\`Range: ${name}\` was answered with ${status(exchange)}. Range is an offer: a server ` +
        "that doesn't know the unit leaves it aside, and sends the whole file with 200.",
    }),
    'unit-overlooked': rule({
      when: ({ odd }) =>
        odd.find(({ name, exchange }) => name === UNIT && hasStatus(206)(exchange)),
      say: ({ name }) =>
        `\`Range: ${name}\` was answered with bytes. It asks for lines, and a client that counts ` +
        'in lines cannot use them. Look at the unit before you read the numbers.',
    }),
    'syntax-is-an-error': rule({
      when: ({ odd }) =>
        odd.find(({ exchange }) => status(exchange) !== 416 && (status(exchange) ?? 0) >= 400),
      say: ({ name, exchange }) =>
        `\`Range: ${name}\` was answered with ${status(exchange)}, so the client has nothing. You ` +
        "needn't understand it: send the whole file with 200, or refuse the range with 416.",
    }),
    'several-misread': rule({
      when: ({ odd }) =>
        odd.find(
          ({ name, exchange, isTrue }) =>
            name === SEVERAL &&
            hasStatus(206)(exchange) &&
            field(exchange, 'Content-Range') !== undefined &&
            !isTrue,
        ),
      say: ({ name, exchange }) =>
        `\`Range: ${name}\` asks for two parts. Your 206 has ` +
        `\`Content-Range: ${field(exchange, 'Content-Range')}\`, which isn't true of its bytes. ` +
        'Accept only the forms that you can answer, and send the whole file for all others.',
    }),
    'turned-around': rule({
      when: ({ odd }) =>
        odd.find(
          ({ name, exchange, came }) =>
            name === BACKWARDS && hasStatus(206)(exchange) && !came.endsWith('no bytes'),
        ),
      say: ({ name, came }) =>
        `\`Range: ${name}\` ends before it begins, so it isn't a range. You answered ${came}: the ` +
        'client did not ask for that, and its mistake stays hidden.',
    }),
  },
})

export const resumes = check('A download can go on where it stopped', resumed, {
  after: exact,
  spec: 'RFC 9110 §13.1.5',
  reread: 'ranges',

  verify: ({ rest, isStrong }, expect) => {
    expect(rest).toHaveStatus(isStrong ? 206 : eitherWay)
    expect(rest.file, 'what the client has in the end', rest).toBe('the whole file')
  },

  diagnose: {
    'never-resumes': rule({
      when: ({ rest }) => status(rest) === 200 && rest,
      say: (_, { tag }) =>
        `The client asked for the second half with \`If-Range: ${tag}\`. That is the ETag the file ` +
        'still has, but the answer was 200, with the first half again. While the ETag is the ' +
        'same, Range counts.',
    }),
  },
})

export const notMixed = check('Parts of two versions are never mixed', resumed, {
  after: resumes,
  spec: 'RFC 9110 §13.1.5',
  reread: 'ranges',

  verify: ({ other, late, fresh, tag }, expect) => {
    expect.each([other, late], ({ exchange, file }, expect) => {
      expect(exchange).toHaveStatus(200)
      expect(file, 'what the client has in the end', exchange).toBe('the whole file')
    })
    expect(fresh.file, 'what came after the file was replaced', fresh).toBe('the whole file')
    expect(field(fresh, 'ETag'), 'the ETag of the new file', fresh).notToBe(tag)
  },

  diagnose: {
    'condition-is-an-error': rule({
      when: ({ other }) => status(other) === 412 && other,
      say:
        'Another ETag in If-Range was answered with 412, so the client has to ask once more. ' +
        'That is what If-Match asks for. If-Range means: the part if it is still the same file, ' +
        'or else everything, at once.',
    }),
    'old-copy': rule({
      when: ({ late, fresh }) => fresh.file === OLD && late.file === OLD && late,
      say:
        'The file was replaced while your server ran, and your answer still came from the old ' +
        'one. Read the file, and what its ETag is made of, when a request comes.',
    }),
    'same-tag': rule({
      when: ({ other, late }) => status(other) === 200 && late.file === MIXED && late,
      say: (_, { tag }) =>
        `The file was replaced by another one, and the ETag is still \`${tag}\`. So the client's ` +
        'first half is of the old file and its second half of the new one. An ETag has to change ' +
        'whenever the content does, also when the size stays the same.',
    }),
    'versions-mixed': rule({
      when: ({ other }) => status(other) === 206 && other,
      say:
        'The client said with If-Range which version its first half is from. It is another one ' +
        'than yours, and you sent the second half of yours: the two do not fit together. Send ' +
        'everything then, with 200.',
    }),
  },
})

export const head = check('GET and HEAD tell that parts can be asked for, and the size', asked, {
  after: contentRange,
  spec: 'RFC 9110 §14.3',
  reread: 'ranges',

  verify: ({ whole, head, size, etag }, expect) => {
    expect.each([whole, head], ({ exchange }, expect) => {
      expect(exchange).toHaveStatus(200).toHaveHeader('Accept-Ranges', bytes)
    })
    expect(head)
      .toHaveHeader('Content-Length', String(size))
      .toHaveHeader('ETag', etag ?? '')
  },

  diagnose: {
    'not-announced': rule({
      when: ({ whole }) => field(whole, 'Accept-Ranges') === undefined && whole,
      say:
        'The answer to GET without Range has no `Accept-Ranges: bytes`. A download manager reads ' +
        'there whether it can go on later, before it begins.',
    }),
    'head-without-length': rule({
      when: ({ head }) =>
        status(head) === 200 && field(head, 'Content-Length') === undefined && head,
      say:
        'The answer to HEAD names no length. Nothing is sent after HEAD, so `node:http` counts ' +
        'nothing: name the length of the file yourself.',
    }),
  },
})

const ZERO_SUFFIX = 'bytes=-0'
const UNIT = 'lines=1-2'
const SEVERAL = 'bytes=0-1,5-6'
const BACKWARDS = 'bytes=5-2'
const EVERYTHING = '200 with the whole file'
const OLD = 'the whole file as it was before'
const MIXED = 'the beginning of one file and the end of another'

const everythingOr416 = matching(
  `${EVERYTHING}, or 416`,
  (came: string) => came === EVERYTHING || came === '416',
)

const bytes = matching('bytes', (units: string) => /\bbytes\b/i.test(units))

/** Nobody who sends a weak ETag can be asked with it (RFC 9110 §13.1.5). */
const eitherWay = matching('200 or 206', (code: number) => code === 200 || code === 206)

/** A server may send some of several ranges, and may be lenient about white space. */
function mayBePart(name: string): boolean {
  return name !== UNIT && name !== BACKWARDS
}
