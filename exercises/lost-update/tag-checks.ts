import { check, field, rule, type } from '#grader'
import { found, isSaved, saved, strongTag } from './answers.ts'
import { saving } from './scenarios.ts'

export const tag = check(
  'GET gives a strong ETag, and a different one for each different text',
  saving,
  {
    spec: 'RFC 9110 §8.8.3',
    reread: 'if-match',

    verify: ({ menu, reads, shared }, expect) => {
      const [first] = reads
      expect(first?.exchange ?? null)
        .toHaveStatus(200)
        .toHaveHeader('Content-Type', type('text/plain'))
        .toHaveText(menu)
      expect.each(reads, ({ exchange }, expect) => {
        expect(exchange).toHaveStatus(200).toHaveHeader('ETag', strongTag)
      })
      expect(
        shared?.tag ?? 'none',
        'a tag that two different texts had',
        shared?.exchange ?? first?.exchange,
      ).toBe('none')
    },

    diagnose: {
      'tag-weak': rule({
        when: ({ reads }) => reads.find((read) => read.tag?.startsWith('W/')),
        say:
          'Your tag begins with W/, so it is weak: texts that share it mean the same, but their ' +
          'bytes may differ. If-Match never matches a weak tag, so nobody could save with it.',
      }),
      'tag-unquoted': rule({
        when: ({ reads }) => reads.find((read) => read.tag && !/^(W\/)?".*"$/.test(read.tag)),
        say: ({ tag }) =>
          `The double quotes are part of a tag, so send them: ETag: "${tag?.replaceAll('"', '')}".`,
      }),
      'tag-repeats': rule({
        when: ({ shared }) => shared,
        say: ({ tag, content, other }) =>
          `“${other}” and “${content}” both had the tag ${tag}. Someone who read the first could ` +
          'overwrite the second without noticing. Count the saves, or compute a hash of the whole text.',
      }),
    },
  },
)

export const newTag = check('A permitted save is stored, and its answer has the new tag', saving, {
  after: tag,
  spec: 'RFC 9110 §13.1.1',
  reread: 'if-match',

  verify: ({ saves, sharedAtOnce }, expect) => {
    expect.each(saves, ({ exchange, content, after }, expect) => {
      expect(exchange).toHaveStatus(saved)
      expect(found(after), 'what GET gives afterwards', exchange).toBe(content)
      expect(exchange).toHaveHeader('ETag', field(after, 'ETag'))
    })
    expect(
      sharedAtOnce?.tag ?? 'none',
      'a tag that two of ten saves at once were given',
      sharedAtOnce?.exchange ?? saves[0]?.exchange,
    ).toBe('none')
  },

  diagnose: {
    'new-tag-missing': rule({
      when: ({ saves }) =>
        saves.find((save) => isSaved(save.exchange) && field(save.exchange, 'ETag') === undefined),
      say:
        'You stored this text and gave no ETag. Its writer would have to read the text again, ' +
        'only to learn the tag for the next save.',
    }),
    'old-tag-returned': rule({
      when: ({ saves }) =>
        saves.find(({ exchange, before, after }) => {
          const given = field(exchange, 'ETag')
          return (
            isSaved(exchange) && given !== field(after, 'ETag') && given === field(before, 'ETag')
          )
        }),
      say: ({ exchange }) =>
        `Your answer has the tag ${field(exchange, 'ETag')}, which belongs to the text before ` +
        'this save. With it the writer would be refused next time. Give the tag of the new text.',
    }),
  },
})
