import { check, field, rule, sentField, status } from '#grader'
import { isSaved, saved } from './answers.ts'
import { inTwoTabs } from './scenarios.ts'
import { newTag } from './tag-checks.ts'

export const secondTabStopped = check(
  "Ada's save stays when Ben saves over it: his tab is told 412",
  inTwoTabs,
  {
    after: newTag,
    spec: 'RFC 9110 §13.1.1',
    reread: 'scene',

    verify: ({ ada, ben, adas, afterBen, conflict }, expect) => {
      expect(ada).toHaveStatus(saved)
      expect(afterBen, 'the menu after Ben has tried to save', ben).toBe(adas)
      expect(ben).toHaveStatus(412)
      expect(conflict).toGive(true)
    },

    diagnose: {
      'last-one-wins': rule({
        when: ({ ben, bens, afterBen }) => isSaved(ben) && afterBen === bens && ben,
        say: (ben, { adas, bens }) =>
          `Ben had read the menu before Ada saved “${adas}”. His save says so with the old tag, ` +
          `${sentField(ben, 'If-Match') ?? '(none)'}, but you stored “${bens}”. Ada's text is lost, and nobody was told.`,
      }),
      'stopped-too-late': rule({
        when: ({ ben, bens, afterBen }) => !isSaved(ben) && afterBen === bens && ben,
        say: (ben, { adas }) =>
          `Ben was told ${status(ben)}, but his text was stored nonetheless, and “${adas}” is lost. ` +
          'Compare first, and store only if the tag is the current one.',
      }),
      'conflict-409': rule({
        when: ({ ben }) => status(ben) === 409 && ben,
        say:
          "Ben's request had a precondition, If-Match, and it was false. The status for that is " +
          '412 (Precondition Failed), and the page waits for it. 409 is for other conflicts.',
      }),
    },
  },
)

export const bothGoOn = check(
  'Ada can go on with the tag of her save, and Ben can save after a reload',
  inTwoTabs,
  {
    after: secondTabStopped,
    spec: 'RFC 9110 §8.8.3',
    reread: 'if-match',

    verify: ({ goingOn, afterAll, bensNext }, expect) => {
      expect.each(goingOn, ({ exchange }, expect) => {
        expect(exchange).toHaveStatus(saved)
      })
      expect(afterAll, 'the menu in the end', goingOn[1]?.exchange).toBe(bensNext)
    },

    diagnose: {
      'refused-moves-tag': rule({
        when: ({ goingOn: [adaAgain], ada, ben }) =>
          status(adaAgain?.exchange) === 412 &&
          sentField(adaAgain?.exchange, 'If-Match') === field(ada, 'ETag') &&
          status(ben) === 412 &&
          adaAgain,
        say: ({ exchange }) =>
          `Since Ada's save nothing was stored, because Ben's was refused. But the tag that you ` +
          `gave her, ${sentField(exchange, 'If-Match')}, isn't current any more. A refused save ` +
          'leaves the tag as it was.',
      }),
    },
  },
)
