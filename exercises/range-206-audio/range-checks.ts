import {
  bytesExhibit,
  check,
  field,
  rule,
  sentField,
  status,
  type,
  type Exchange,
  type Exhibit,
} from '#grader'
import type { Part } from './answers.ts'
import { asked, played } from './scenarios.ts'

export const whole = check('Without Range, the whole file comes', asked, {
  reread: 'ranges',

  verify: ({ whole }, expect) => {
    expect(whole)
      .toHaveStatus(200)
      .toHaveHeader('Content-Type', type('audio/wav'))
      .toHaveHeader('ETag')
    expect(whole.came, 'what came', whole).toBe('the whole file')
  },
})

export const seeks = check('In Chromium, the player can be moved to a later second', played, {
  after: whole,
  spec: 'RFC 9110 §14.2',
  reread: 'ranges',

  verify: ({ second, page, first, part, player }, expect) => {
    expect(page).toHaveStatus(200)
    if (first?.response) expect.show(headOf(first))
    expect(player, 'where the player is after the jump', first ?? page).toBe(
      being(`second ${second}`),
    )
    const answer = { is: String(status(part)) }
    expect(answer, 'the status of an answer to the player', part ?? page).toBe(being('206'))
  },

  diagnose: {
    'no-content-range': rule({
      when: ({ first, isBroken }) =>
        isBroken && status(first) === 206 && field(first, 'Content-Range') === undefined && first,
      say: (first) =>
        `Chromium asked with \`Range: ${sentField(first, 'Range')}\` and got a 206 without ` +
        'Content-Range. So it did not know where in the file these bytes belong, and the player ' +
        'gave up.',
    }),
    'content-range-misread': rule({
      when: ({ first, size, isBroken }) =>
        isBroken && status(first) === 206 && !beginsRight(first, size) && first,
      say: (first) =>
        `Chromium asked with \`Range: ${sentField(first, 'Range')}\`, and the player gave up at ` +
        `your 206. Its Content-Range is \`${field(first, 'Content-Range')}\`. The form is ` +
        '`bytes first-last/size`: places are counted from 0, and the last one is sent, too.',
    }),
    'part-as-whole': rule({
      when: ({ first }) =>
        status(first) === 200 && field(first, 'Content-Range') !== undefined && first,
      say:
        'This answer has a Content-Range, but its status is 200: here is the whole file. The ' +
        "status decides, so the player doesn't look at Content-Range. A part is announced by 206.",
    }),
    'announces-only': rule({
      when: ({ second, player, part }) =>
        player.is === `second ${second}` && status(part) === 200 && part,
      say:
        'The player reached that second only by loading everything before it. It asked for parts ' +
        'with Range, because your answers announce Accept-Ranges, and each answer was 200 with ' +
        'the file from its first byte.',
    }),
    'range-ignored': rule({
      alsoEarnedBy: ['stub'],
      when: ({ player, first }) => player.is === 'second 0' && status(first) === 200 && first,
      say: (first) =>
        `Chromium asked with \`Range: ${sentField(first, 'Range')}\` and got 200. From that it ` +
        'learned that this server sends no parts, so the player stayed at second 0. A 206 tells ' +
        'it that it can jump.',
    }),
  },
})

export const contentRange = check('A range gets 206, and Content-Range names its bytes', asked, {
  after: seeks,
  spec: 'RFC 9110 §14.4',
  reread: 'ranges',

  verify: ({ parts, etag }, expect) => {
    expect.each(parts, ({ exchange, contentRange }, expect) => {
      expect(exchange)
        .toHaveStatus(206)
        .toHaveHeader('ETag', etag ?? '')
        .toHaveHeader('Content-Range', contentRange)
    })
  },

  diagnose: {
    'length-of-the-file': rule({
      when: ({ parts, size }) =>
        parts.find(
          (part) =>
            part.length < size &&
            part.exchange?.response?.complete === false &&
            field(part, 'Content-Length') === String(size),
        ),
      say: ({ name, length }, { size }) =>
        `The answer to \`Range: ${name}\` says \`Content-Length: ${size}\`, which is the file's. ` +
        `Its content has ${inBytes(length)}, so the client waited for more. Content-Length counts ` +
        'what is in this answer.',
    }),
    'end-not-clamped': rule({
      when: ({ parts, size }) => parts.find((part) => lastNamed(part) >= size),
      say: ({ name }, { size }) =>
        `A client may ask for more than there is, as with \`Range: ${name}\`. Your Content-Range ` +
        `names a byte that the file doesn't have: it has ${size} bytes, so its last one is ` +
        `${size - 1}. The range ends there, too.`,
    }),
    'range-of-everything': rule({
      when: ({ parts, size }) =>
        parts.find(
          (part) =>
            field(part, 'Content-Range') === `bytes 0-${size - 1}/${size}` &&
            part.contentRange !== `bytes 0-${size - 1}/${size}`,
        ),
      say: ({ name, contentRange }) =>
        `\`Range: ${name}\` was answered as if everything had been asked for. Content-Range names ` +
        `the bytes of this answer: \`${contentRange}\`.`,
    }),
    'tag-left-out': rule({
      when: ({ parts }) =>
        parts.find((part) => status(part) === 206 && field(part, 'ETag') === undefined),
      say: ({ name }) =>
        `The 206 for \`Range: ${name}\` has no ETag, but the 200 has one. Without it, a client ` +
        'cannot know that this part and the one it has are of the same version of the file.',
    }),
  },
})

export const exact = check('Each range delivers exactly the bytes that were asked for', asked, {
  after: contentRange,
  spec: 'RFC 9110 §14.1.2',
  reread: 'ranges',

  verify: ({ parts }, expect) => {
    expect.each(parts, ({ exchange, came, wanted }, expect) => {
      expect(came, 'what came', exchange).toBe(wanted)
      expect(exchange).toBeAnswered()
    })
  },

  diagnose: {
    'last-byte-missing': rule({
      when: ({ parts }) => parts.find((part) => sent(part) === part.length - 1),
      say: ({ name, length }) =>
        `\`Range: ${name}\` means ${inBytes(length)}, and ${length - 1} came. Both ends of a byte ` +
        'range are included: `0-0` is one byte.',
    }),
    'whole-as-part': rule({
      when: ({ parts }) =>
        parts.find(({ came, wanted }) => came === 'the whole file' && wanted !== came),
      say: ({ name, contentRange }) =>
        `The 206 for \`Range: ${name}\` has \`Content-Range: ${contentRange}\`, but the whole file ` +
        'follows. A client puts these bytes where Content-Range says, so its copy is broken.',
    }),
  },
})

export const suffix = check('The last bytes of the file can be asked for', asked, {
  after: exact,
  spec: 'RFC 9110 §14.1.2',
  reread: 'ranges',

  verify: ({ suffixes }, expect) => {
    expect.each(suffixes, ({ exchange, contentRange, came, wanted }, expect) => {
      expect(exchange).toHaveStatus(206).toHaveHeader('Content-Range', contentRange)
      expect(came, 'what came', exchange).toBe(wanted)
    })
  },

  diagnose: {
    'suffix-from-start': rule({
      when: ({ suffixes }) =>
        suffixes.find((part) => field(part, 'Content-Range')?.startsWith('bytes 0-')),
      say: ({ name, length, wanted }) =>
        `Your answer to \`Range: ${name}\` begins at byte 0. Where the first number is missing, ` +
        `the second one is a length: the last ${inBytes(length)} of the file, which ` +
        `${length === 1 ? 'is' : 'are'} ${wanted}.`,
    }),
    'suffix-unknown': rule({
      when: ({ suffixes }) => suffixes.find((part) => status(part) === 416 || status(part) === 200),
      say: (part) =>
        `\`Range: ${part.name}\` was answered with ${status(part)}. Where the first number is ` +
        `missing, the second one is a length: this asks for the last ${inBytes(part.length)}.`,
    }),
  },
})

/**
 * A player leaves an answer when it has enough, so this may never be whole. A claim about its
 * status would ask for that, and its head would be shown only where it is.
 */
function being(words: string) {
  return {
    expected: words,
    test: ({ is }: { is: string }) => is === words,
    received: ({ is }: { is: string }) => is,
  }
}

function headOf(exchange: Exchange): Exhibit {
  const head = Buffer.from(exchange.response?.head ?? [])
  const range = status(exchange) === 206 ? field(exchange, 'Content-Range') : undefined
  const at = range === undefined ? head.indexOf(' ') + 1 : head.indexOf(range, 0, 'latin1')
  const asked = sentField(exchange, 'Range')
  return bytesExhibit(`What you sent to the player for Range: ${asked}`, head, at)
}

/** Whether Content-Range says that a part from the first byte on came, of a file of this size. */
function beginsRight(exchange: Exchange | null, size: number): boolean {
  const [, last, whole] =
    /^bytes 0-(\d+)\/(\d+)$/.exec(field(exchange, 'Content-Range') ?? '') ?? []
  return Number(whole) === size && Number(last) < size
}

/** The last place that Content-Range names; -1 where it names none. */
function lastNamed(part: Part): number {
  return Number(/-(\d+)/.exec(field(part, 'Content-Range') ?? '')?.[1] ?? -1)
}

function sent({ exchange }: Part): number {
  return exchange?.response?.body.length ?? 0
}

function inBytes(length: number): string {
  return length === 1 ? '1 byte' : `${length} bytes`
}
