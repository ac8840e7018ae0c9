import { check, jsonBody, scenario, type Exchange, rule } from '#grader'

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
  },
)

const counts = check('Words and characters of a plain text are counted', sent, {
  reread: 'words',
  verify: ({ plain }, expect) => {
    expect(plain.answer).toHaveStatus(200).toHaveJson(counted(plain.text))
  },
})

const wideSpaces = check('Spaces in a row stand between two words, not among them', sent, {
  after: counts,
  reread: 'words',
  verify: ({ wide }, expect) => {
    expect(wide.answer).toHaveJson(counted(wide.text))
  },
  diagnose: {
    'cuts-at-every-space': rule({
      when: ({ wide }) => said(wide.answer)?.words === wide.text.split(' ').length,
      say: (_, { wide }) =>
        `Your count is ${said(wide.answer)?.words} words; that is how many pieces a cut at every single space makes. ${wide.text.split(' ').filter((piece) => piece === '').length} of them are empty.`,
    }),
  },
})

const characters = check('A letter of two bytes is one character', sent, {
  after: counts,
  reread: 'bytes',
  verify: ({ accented }, expect) => {
    expect(accented.answer).toHaveJson(counted(accented.text))
  },
  diagnose: {
    'counts-bytes': rule({
      when: ({ accented }) =>
        said(accented.answer)?.characters === new TextEncoder().encode(accented.text).length,
      say: (_, { accented }) =>
        `You counted ${said(accented.answer)?.characters} characters. So many bytes were sent; they are ${[...accented.text].length} characters.`,
    }),
  },
})

export default { counts, wideSpaces, characters }

function counted(text: string) {
  return {
    words: text.split(/\s+/).filter((word) => word !== '').length,
    characters: [...text].length,
  }
}

function said(answer: Exchange | null): { words?: unknown; characters?: unknown } | undefined {
  const json = jsonBody(answer?.response)
  return typeof json === 'object' && json !== null ? json : undefined
}
