import { describe, expect, test } from 'vitest'
import { parseQuiz } from './quiz.ts'

const question = (lines: readonly string[], info = 'quiz id=who-speaks'): string =>
  ['Prose.', '', `\`\`\`${info}`, ...lines, '```', ''].join('\n')
const whole = ['Who speaks first?', '(x) The client', '( ) The server', '= A server only answers.']

describe('parseQuiz', () => {
  test('reads a question', () => {
    expect(parseQuiz(question(whole))).toEqual({
      questions: [
        {
          id: 'who-speaks',
          text: 'Who speaks first?',
          options: [
            { text: 'The client', correct: true },
            { text: 'The server', correct: false },
          ],
          explanation: 'A server only answers.',
          index: 2,
        },
      ],
      mistakes: [],
    })
  })

  test('lets text, options and explanation go on over lines', () => {
    const lines = [
      'Who',
      'speaks?',
      '( ) The server',
      'on port 80',
      '(X) The client',
      '= Because',
      '',
      'it asks.',
    ]
    const { questions } = parseQuiz(question(lines))
    expect(questions[0]).toMatchObject({
      text: 'Who\nspeaks?',
      options: [
        { text: 'The server\non port 80', correct: false },
        { text: 'The client', correct: true },
      ],
      explanation: 'Because\n\nit asks.',
    })
  })

  test('reads below a wrong option what is wrong with it', () => {
    const lines = [
      'Who?',
      '( ) The server',
      '  It feels so,',
      '  because it knows.',
      '(x) The client',
      '( ) Nobody',
      '= It asks.',
    ]
    expect(parseQuiz(question(lines)).questions[0]!.options).toEqual([
      { text: 'The server', correct: false, why: 'It feels so,\nbecause it knows.' },
      { text: 'The client', correct: true },
      { text: 'Nobody', correct: false },
    ])
  })

  test('says that the right option has an explanation for that', () => {
    const [text, right, ...rest] = whole
    expect(parseQuiz(question([text!, right!, '  It asks.', ...rest])).mistakes).toEqual([
      {
        index: 5,
        message: 'This sentence is about the right option.',
        remedy: 'Write it into the explanation, which begins with "=": it is shown after it.',
      },
    ])
  })

  test('leaves other fences alone', () => {
    expect(parseQuiz('```http\n(x) no\n```\n\n```quizzical\n```\n')).toEqual({
      questions: [],
      mistakes: [],
    })
  })

  const [text, right, wrong, explanation] = whole as [string, string, string, string]
  test.each<[string, string, number, string]>([
    ['no id', question(whole, 'quiz'), 2, 'This question has no id.'],
    ['more than an id', question(whole, 'quiz id=a b'), 2, 'This question has no id.'],
    ['no text', question([right, wrong, explanation]), 2, 'This question has no text.'],
    ['no option', question([text, explanation]), 2, 'This question has no options.'],
    ['one option', question([text, right, explanation]), 2, 'This question has 1 option.'],
    [
      'no right option',
      question([text, wrong, '( ) Nobody', explanation]),
      2,
      'No option of this question is right.',
    ],
    [
      'two right options',
      question([text, right, '(x) Both', explanation]),
      2,
      '2 options of this question are marked as right.',
    ],
    ['no explanation', question([text, right, wrong]), 2, 'This question has no explanation.'],
    [
      'an empty explanation',
      question([text, right, wrong, '=']),
      2,
      'This question has no explanation.',
    ],
    [
      'an unknown mark',
      question([text, right, wrong, '(y) Both', explanation]),
      6,
      'This option starts with "(y)".',
    ],
    [
      'empty parentheses',
      question([text, right, wrong, '() Both', explanation]),
      6,
      'This option starts with "()".',
    ],
    [
      'an empty option',
      question([text, right, wrong, '( )', explanation]),
      6,
      'This option has no text.',
    ],
    [
      'the same option twice',
      question([text, right, wrong, wrong, explanation]),
      6,
      'This option stands twice.',
    ],
    [
      'a late option',
      question([text, right, wrong, explanation, '( ) Both']),
      7,
      'This option stands after the explanation.',
    ],
  ])('names a question with %s', (_, markdown, index, message) => {
    const { questions, mistakes } = parseQuiz(markdown)
    expect(questions).toEqual([])
    expect(mistakes).toEqual([{ index, message, remedy: expect.stringMatching(/\.$/) }])
  })

  test('names every mistake of a block at once', () => {
    expect(parseQuiz(question(['( ) one'], 'quiz')).mistakes.map(({ message }) => message)).toEqual(
      [
        'This question has no id.',
        'This question has no text.',
        'This question has 1 option.',
        'This question has no explanation.',
      ],
    )
  })
})
