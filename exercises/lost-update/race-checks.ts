import { check, field, rule, status } from '#grader'
import { found, isCreated, isStored, saved } from './answers.ts'
import { byHand } from './scenarios.ts'
import { secondTabStopped } from './tab-checks.ts'

export const oneWinner = check('Of ten saves at once with one tag, exactly one is stored', byHand, {
  after: secondTabStopped,
  spec: 'RFC 9110 §13.1.1',
  reread: 'if-match',

  verify: ({ race }, expect) => {
    expect(race.winners, 'how many of the ten were answered 200 or 204', race.winner).toBe(1)
    expect(race.stored, 'what GET gives afterwards', race.winner).toBe(race.won[0] ?? '')
    expect.each(race.losers, ({ exchange }, expect) => {
      expect(exchange).toHaveStatus(412)
    })
  },

  diagnose: {
    'several-winners': rule({
      when: ({ race }) => race.winners > 1 && race.winner,
      say: (_, { race }) =>
        `${race.winners} clients had read the same text, all were told that theirs was stored, ` +
        'and only one text is there. Their content arrived at the same moment, after all the ' +
        'heads. Wait for the content first; between comparing and storing nothing may wait.',
    }),
  },
})

export const createOnly = check(
  'Only If-None-Match: * creates a text, and only where there is none',
  byHand,
  {
    after: oneWinner,
    spec: 'RFC 9110 §13.1.2',
    reread: 'if-match',

    verify: ({ withoutText, created, again, own, creators }, expect) => {
      expect(withoutText[0]?.before ?? null).toHaveStatus(404)
      expect.each(withoutText, ({ exchange, before, after }, expect) => {
        expect(found(after), 'what GET gives afterwards', exchange).toBe(found(before))
        expect(exchange).toHaveStatus(412)
      })
      expect(created.exchange).toHaveStatus(201).toHaveHeader('ETag', field(created.after, 'ETag'))
      expect(found(created.after), 'what GET gives afterwards', created.exchange).toBe(
        created.content,
      )
      expect(found(again.after), 'what GET gives afterwards', again.exchange).toBe(created.content)
      expect(again.exchange).toHaveStatus(412)
      expect(own.exchange).toHaveStatus(saved)
      const { winners, winner, stored, won } = creators
      expect(winners, 'how many of five at once were told 201', winner).toBe(1)
      expect(stored, 'what GET gives afterwards', winner).toBe(won[0] ?? '')
    },

    diagnose: {
      'star-creates': rule({
        when: ({ withoutText }) => withoutText.find(isCreated),
        say:
          'There was no text at this address. * in If-Match stands for any current text, so ' +
          'without one the precondition is false.',
      }),
      'only-if-match': rule({
        when: ({ created }) => status(created.exchange) === 428 && created,
        say:
          'This request has a precondition, If-None-Match: *. It is true when there is no text ' +
          'at all, so the text is created.',
      }),
      'creates-again': rule({
        when: ({ again }) => isStored(again) && again,
        say:
          'This client asked to save only if there is no text, but there was one already, and you ' +
          'replaced it.',
      }),
      'created-twice': rule({
        when: ({ creators }) => creators.winners > 1 && creators.winner,
        say: (_, { creators }) =>
          `${creators.winners} clients were told that they had created this text, and one text is ` +
          'there. Look whether there is one when you store, after the whole content has come.',
      }),
    },
  },
)
