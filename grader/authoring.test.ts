import { expect, test } from 'vitest'
import {
  check,
  present,
  rule,
  scenario,
  together,
  type Check,
  type Exchange,
  type Rule,
} from './authoring.ts'
import { isRule } from './judge/rule.ts'

const start = scenario('Chromium opens /start', {
  setUp: ({ random }) => ({ environment: { NAME: random.word() }, length: 3 }),
  async record({ newPage }, { environment, length }) {
    const page = await newPage()
    const { document } = await page.open(`/${environment.NAME.slice(length)}`)
    return { document, size: length }
  },
  facts: ({ document, size }) => ({ start: present(document, 'GET /start'), size }),
})
const plain = scenario('Nothing happens', { record: async () => ({ word: 'a' }) })

// What compiles here, and what does not, is checked by the compiler; nothing of it is run.
const inferred = () => [
  check('One', start, {
    verify: ({ start: answer, size }, claim) => {
      const exchange: Exchange = answer
      claim(exchange).toHaveStatus(size)
    },
    diagnose: {
      found: rule({
        when: ({ start: answer }) => answer.response,
        say: (response, { size }) => `${response.status + size}`,
      }),
      'a-list': rule({
        when: ({ size }) => [size],
        say: ([first]) => (first ?? 0).toFixed(),
      }),
      zero: rule({ when: ({ size }) => size, say: (size) => size.toFixed(1) }),
      // @ts-expect-error a fact that is misspelt
      misspelt: rule({ when: ({ strat }) => strat, say: 'no' }),
      // @ts-expect-error a rule cannot wait
      waits: rule({ when: async ({ size }) => size, say: 'no' }),
      // @ts-expect-error say knows what when found
      wrong: rule({ when: ({ size }) => size, say: (size) => size.toUpperCase() }),
      // @ts-expect-error made by rule() alone
      'by-hand': { when: () => true, say: 'no' },
    },
  }),
  check('Without facts', plain, {
    // @ts-expect-error recorded is word
    verify: ({ words }, claim) => void claim(words, 'the words').toBe('a'),
  }),
  check('Together', together({ start, plain }), {
    verify: (facts, claim) => {
      claim(facts.start.start).toHaveStatus(200)
      claim(facts.plain.word, 'the word').toBe('a')
      // @ts-expect-error there is no such part
      claim(facts.other).toHaveStatus(200)
    },
  }),
]

test('a check and a rule are plain data', () => {
  const fits: Rule<unknown> = rule({ when: () => true, say: 'It fits.' })
  const made: Check<any> = check('A check', plain, { verify: () => {} })
  expect([isRule(fits), isRule({ when: fits.when, say: fits.say }), isRule(null)]).toEqual([
    true,
    false,
    false,
  ])
  expect(made).toMatchObject({ title: 'A check', given: { title: 'Nothing happens' } })
  expect(inferred).toBeTypeOf('function')
})
