import { check, jsonBody, scenario, type Exchange } from '#grader'

const greeting = scenario('A client asks for a greeting by name', async ({ send, random }) => {
  const name = random.word()
  return { name, answer: await send(`/greeting?name=${name}`) }
})

const greets = check({
  title: 'The greeting names who asked',
  given: greeting,
  reread: 'who-asks',
  verify: ({ name, answer }, expect) => {
    expect(answer)
      .toHaveStatus(200)
      .toHaveJson({ greeting: `Hello, ${name}` })
  },
  diagnose: {
    'same-for-all': {
      when: ({ name, answer }) => said(answer).startsWith('Hello') && !said(answer).includes(name),
      say: ({ name, answer }) =>
        `${name} asked, and the answer was "${said(answer)}". The name stands in the query.`,
    },
  },
})

export default { greets }

/** The greeting; empty when there is none. */
function said(answer: Exchange | null): string {
  const json = jsonBody(answer?.response)
  return typeof json === 'object' && json !== null && 'greeting' in json
    ? String(json.greeting)
    : ''
}
