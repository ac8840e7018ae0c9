import { check, json, rule, scenario, type Exchange } from '#grader'

const sent = scenario(
  'A client sends a plain text, one with wide spaces, and one with letters of two bytes',
  {
    async record({ send, random }) {
      const words = Array.from({ length: random.integer(4, 9) }, () => random.word())
      const post = async (text: string) => ({
        text,
        answer: await send({
          method: 'POST',
          path: '/count',
          headers: [['Content-Type', 'text/plain; charset=utf-8']],
          body: text,
        }),
      })
      return {
        plain: await post(words.join(' ')),
        wide: await post(`  ${words.join('   ')}\n${random.word()} `),
        accented: await post(
          words
            .map((word) => word.replace('a', 'á').replace('o', 'ö'))
            .concat('é')
            .join(' '),
        ),
      }
    },
    facts: ({ plain, wide, accented }) => ({
      plain: counted(plain),
      wide: counted(wide),
      accented: counted(accented),
    }),
  },
)

const counts = check('Words and characters of a plain text are counted', sent, {
  reread: 'words',

  verify: ({ plain: { answer, right } }, expect) => {
    expect(answer).toHaveStatus(200).toHaveJson(right)
  },
})

const wideSpaces = check('Spaces in a row stand between two words, not among them', sent, {
  after: counts,
  reread: 'words',

  verify: ({ wide: { answer, right } }, expect) => {
    expect(answer).toHaveJson(right)
  },

  diagnose: {
    'cuts-at-every-space': rule({
      when: ({ wide: { text, said } }) => {
        const pieces = text.split(' ')
        return said.words === pieces.length && pieces
      },
      say: (pieces) =>
        `Your count is ${pieces.length} words; that is how many pieces a cut at every single ` +
        `space makes. ${pieces.filter((piece) => piece === '').length} of them are empty.`,
    }),
  },
})

const characters = check('A letter of two bytes is one character', sent, {
  after: counts,
  reread: 'bytes',

  verify: ({ accented: { answer, right } }, expect) => {
    expect(answer).toHaveJson(right)
  },

  diagnose: {
    'counts-bytes': rule({
      when: ({ accented }) =>
        accented.said.characters === new TextEncoder().encode(accented.text).length && accented,
      say: ({ said, right }) =>
        `You counted ${said.characters} characters. So many bytes were sent; they are ` +
        `${right.characters} characters.`,
    }),
  },
})

export default { counts, wideSpaces, characters }

interface Sent {
  readonly text: string
  readonly answer: Exchange | null
}

/** What was sent, what would be right, and what the answer said. */
function counted({ text, answer }: Sent) {
  const content = json(answer)
  const said: { words?: unknown; characters?: unknown } =
    typeof content === 'object' && content !== null ? content : {}
  const words = text.split(/\s+/).filter((word) => word !== '').length
  return { text, answer, said, right: { words, characters: [...text].length } }
}
