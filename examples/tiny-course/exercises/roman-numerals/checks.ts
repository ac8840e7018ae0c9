import { check, hasStatus, json, rule, scenario, type Exchange } from '#grader'

const asked = scenario('A client asks for numbers drawn for this run', {
  async record({ send, random }) {
    // One that only adds up, one with every pair that subtracts, one of any kind.
    const numbers = [
      random.integer(2, 3) * 111,
      444 + 500 * random.integer(0, 1) + 1000 * random.integer(1, 2),
      random.integer(1, 3999),
    ]
    return Promise.all(
      numbers.map(async (number) => ({ number, answer: await send(`/roman?number=${number}`) })),
    )
  },
  facts: (answers) => ({
    numerals: answers.map(({ number, answer }) => ({ number, answer, numeral: numeral(answer) })),
  }),
})

const refused = scenario('It asks for what has no numeral', {
  async record({ send, random }) {
    const words = ['0', '4000', '-1', '1.5', '', random.word()]
    return Promise.all(
      words.map(async (word) => ({ word, answer: await send(`/roman?number=${word}`) })),
    )
  },
  facts: (answers) => ({ answers }),
})

const isFine = hasStatus(200)

const writes = check('Numbers from 1 to 3999 are written in Roman numerals', asked, {
  reread: 'who-asks',

  verify: ({ numerals }, expect) => {
    for (const { number, answer } of numerals)
      expect(answer)
        .toHaveStatus(200)
        .toHaveJson({ roman: roman(number) })
  },

  diagnose: {
    'adds-only': rule({
      when: ({ numerals }) =>
        numerals.find(
          ({ number, numeral }) => numeral === addedUp(number) && numeral !== roman(number),
        ),
      say: ({ number, numeral }) =>
        `${number} came as ${numeral}. Four of the same letter in a row are written as a pair ` +
        'that subtracts: IV, IX, XL, XC, CD, CM.',
    }),
  },
})

const refuses = check('What has no numeral is refused with 400', refused, {
  after: writes,
  spec: 'RFC 9110 §15.5.1',
  reread: 'no-answer',

  verify: ({ answers }, expect) => {
    for (const { answer } of answers) expect(answer).toHaveStatus(400)
  },

  diagnose: {
    'answers-everything': rule({
      when: ({ answers }) => answers.find(({ answer }) => isFine(answer)),
      say: ({ word }) =>
        `For \`${word}\` your answer had the status 200, and a program that asks takes it for a ` +
        'numeral.',
    }),
  },
})

export default { writes, refuses }

const COINS = [
  ['M', 1000],
  ['CM', 900],
  ['D', 500],
  ['CD', 400],
  ['C', 100],
  ['XC', 90],
  ['L', 50],
  ['XL', 40],
  ['X', 10],
  ['IX', 9],
  ['V', 5],
  ['IV', 4],
  ['I', 1],
] as const

function roman(number: number): string {
  return paid(number, COINS)
}

function addedUp(number: number): string {
  return paid(
    number,
    COINS.filter(([letters]) => letters.length === 1),
  )
}

function paid(
  number: number,
  coins: readonly (readonly [letters: string, worth: number])[],
): string {
  let rest = number
  return coins
    .map(([letters, worth]) => {
      const count = Math.floor(rest / worth)
      rest -= count * worth
      return letters.repeat(count)
    })
    .join('')
}

/** The numeral; empty when there is none. */
function numeral(answer: Exchange | null): string {
  const content = json(answer)
  return typeof content === 'object' && content !== null && 'roman' in content
    ? String(content.roman)
    : ''
}
