import { check, json, rule, scenario, type Exchange } from '#grader'

const greeting = scenario('A client asks for a greeting by name', {
  async record({ send, random }) {
    const name = random.word()
    return { name, answer: await send(`/greeting?name=${name}`) }
  },
  facts: ({ name, answer }) => ({ name, answer, said: greetingIn(answer) }),
})

const greets = check('The greeting names who asked', greeting, {
  reread: 'who-asks',
  verify: ({ name, answer }, expect) => {
    expect(answer)
      .toHaveStatus(200)
      .toHaveJson({ greeting: `Hello, ${name}` })
  },
  diagnose: {
    'same-for-all': rule({
      when: ({ name, said }) => said.startsWith('Hello') && !said.includes(name) && said,
      say: (said, { name }) =>
        `${name} asked, but the answer was "${said}". The name is in the query.`,
    }),
  },
})

export default { greets }

/** The greeting in the answer; empty when there is none. */
function greetingIn(answer: Exchange | null): string {
  const content = json(answer)
  const isGreeting = typeof content === 'object' && content !== null && 'greeting' in content
  return isGreeting ? String(content.greeting) : ''
}
