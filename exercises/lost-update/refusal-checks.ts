import { check, field, rule, sentField, status } from '#grader'
import { found, isCreated, isStored } from './answers.ts'
import { byHand } from './scenarios.ts'
import { secondTabStopped } from './tab-checks.ts'

export const carelessRefused = check(
  'A save without If-Match and If-None-Match gets 428 and changes nothing',
  byHand,
  {
    after: secondTabStopped,
    spec: 'RFC 6585 §3',
    reread: 'if-match',

    verify: ({ careless }, expect) => {
      expect.each(careless, ({ exchange, before, after }, expect) => {
        expect(found(after), 'what GET gives afterwards', exchange).toBe(found(before))
        expect(exchange).toHaveStatus(428)
      })
    },

    diagnose: {
      'creates-unasked': rule({
        when: ({ careless: [changed, created] }) =>
          changed && created && !isStored(changed) && isCreated(created) && created,
        say:
          'There was no text at this address, and you created one for a request without a ' +
          'precondition. Two people who do that at once overwrite each other as well.',
      }),
      'missing-means-yes': rule({
        when: ({ careless }) => careless.find(isStored),
        say:
          'This client named no tag, so it may have read nothing at all, and you let it overwrite ' +
          'the text. Answer 428: it has to read first.',
      }),
      'careless-412': rule({
        when: ({ careless }) => careless.find(({ exchange }) => status(exchange) === 412),
        say:
          '412 says that the precondition of a request is false, but this request has none. 428 ' +
          'tells its client to send one.',
      }),
    },
  },
)

export const staleRefused = check(
  'A save with a tag that is not current gets 412 with the current tag, and changes nothing',
  byHand,
  {
    after: secondTabStopped,
    spec: 'RFC 9110 §15.5.13',
    reread: 'if-match',

    verify: ({ stale }, expect) => {
      const { exchange, before, after } = stale
      expect(found(after), 'what GET gives afterwards', exchange).toBe(found(before))
      expect(exchange).toHaveStatus(412).toHaveHeader('ETag', field(after, 'ETag'))
    },

    diagnose: {
      'stale-without-tag': rule({
        when: ({ stale }) =>
          status(stale.exchange) === 412 && field(stale.exchange, 'ETag') === undefined && stale,
        say: ({ exchange }) =>
          `The client sent the tag ${sentField(exchange, 'If-Match')}, and your 412 doesn't say ` +
          'which tag is current. This task asks for it in ETag.',
      }),
    },
  },
)
