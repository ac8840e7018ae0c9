import { check, hasStatus, rule, sentField, status } from '#grader'
import { found, isStored, refused, saved } from './answers.ts'
import { byHand } from './scenarios.ts'
import { secondTabStopped } from './tab-checks.ts'
import { newTag } from './tag-checks.ts'

export const grammar = check(
  'If-Match may be a list in which the current tag is one of several, or *',
  byHand,
  {
    after: newTag,
    spec: 'RFC 9110 §13.1.1',
    reread: 'if-match',

    verify: ({ lists }, expect) => {
      expect.each(lists, ({ exchange, content, after }, expect) => {
        expect(exchange).toHaveStatus(saved)
        expect(found(after), 'what GET gives afterwards', exchange).toBe(content)
      })
    },

    diagnose: {
      'list-refused': rule({
        when: ({ lists }) =>
          lists.slice(0, -1).find((put) => isRefused(put.exchange) && !isStored(put)),
        say: ({ exchange }) =>
          `The current tag is in this list: ${sentField(exchange, 'If-Match')}. One that matches ` +
          'is enough, wherever in the list it is.',
      }),
      'star-refused': rule({
        when: ({ lists }) =>
          lists.slice(-1).find((put) => isRefused(put.exchange) && !isStored(put)),
        say: ({ exchange }) =>
          `\`If-Match: *\` got ${status(exchange)}. The star isn't compared with your tag: it matches ` +
          'whatever text is there. There was one, so this save counts.',
      }),
    },
  },
)

export const strongOnly = check(
  'A weak, a longer and an unquoted tag never count as the current one',
  byHand,
  {
    after: secondTabStopped,
    spec: 'RFC 9110 §8.8.3.2',
    reread: 'if-match',

    verify: ({ weak, longer, unquoted }, expect) => {
      expect.each([...weak, longer], ({ exchange, before, after }, expect) => {
        expect(found(after), 'what GET gives afterwards', exchange).toBe(found(before))
        expect(exchange).toHaveStatus(412)
      })
      expect(found(unquoted.after), 'what GET gives afterwards', unquoted.exchange).toBe(
        found(unquoted.before),
      )
      expect(unquoted.exchange).toHaveStatus(refused)
    },

    diagnose: {
      'weak-let-in': rule({
        when: ({ weak }) => weak.find(isStored),
        say: ({ exchange }) =>
          `You stored a text for ${sentField(exchange, 'If-Match')}. W/ says that the client may ` +
          'have read other bytes than these, so If-Match compares strongly: a weak tag equals no tag.',
      }),
      'longer-let-in': rule({
        when: ({ longer }) => isStored(longer) && longer,
        say: ({ exchange }) =>
          `${sentField(exchange, 'If-Match')} only begins like the current tag. Compare tags as a ` +
          'whole, quotes included.',
      }),
      'unquoted-let-in': rule({
        when: ({ unquoted }) => isStored(unquoted) && unquoted,
        say: ({ exchange }) =>
          `${sentField(exchange, 'If-Match')} is not a tag, because the quotes are part of a tag. You ` +
          'took it for the current one and stored the text.',
      }),
    },
  },
)

const isRefused = hasStatus(400, 412)
