import type { Skeleton } from './exercise-skeleton.ts'
import { mutantPatch } from './mutant-patch.ts'

/**
 * The files of a small exercise of the kind client: a function that asks for a greeting by name.
 */
export function clientSkeleton(frontMatter: string, anchor: string | null): Skeleton {
  const solution = client(
    '  const answer = await fetch(`${address}/greeting?name=${encodeURIComponent(name)}`)\n  const { greeting } = (await answer.json()) as { greeting: string }\n  return greeting',
  )
  const mutant = (id: string, misconception: string, body: string) =>
    mutantPatch(id, misconception, 'client.ts', solution, client(body))
  return {
    'exercise.md': task(frontMatter),
    'checks.ts': checks(anchor),
    'stub/client.ts': client(
      "  // TODO: Ask for the greeting of `name`, and give it back.\n  return ''",
    ),
    'solution/client.ts': solution,
    ...mutant(
      'asks-for-nobody',
      'The server knows who is meant.',
      '  const answer = await fetch(`${address}/greeting`)\n  const { greeting } = (await answer.json()) as { greeting: string }\n  return greeting',
    ),
    ...mutant(
      'gives-the-json',
      'The content is the greeting.',
      '  const answer = await fetch(`${address}/greeting?name=${encodeURIComponent(name)}`)\n  return answer.text()',
    ),
    ...mutant(
      'invents-the-answer',
      'The answer is known without asking.',
      '  return `Hello, ${name}`',
    ),
  }
}

function task(frontMatter: string): string {
  return `${frontMatter}hints:
  - The server answers what it is asked. Who is to be greeted has to stand in the question.
  - A query follows the path, behind a question mark. Not every character may stand there as it is.
  - "\`encodeURIComponent(name)\` makes any name fit for a query; \`await answer.json()\` reads the content."
---

Say in two sentences why somebody needs this at work. Here: a client that does not ask cannot know what the server says today.

\`export async function greeting(address: string, name: string): Promise<string>\`

| you ask | the server answers |
| --- | --- |
| GET \`<address>/greeting?name=…\` | 200 with JSON \`{"greeting": "…"}\` |

**What will be observed.** Your function is called with the address of a server of the grader's own and a name that changes every run. The
server keeps what it is asked.

**Your file.** \`client.ts\`. It exports the function.
`
}

function checks(anchor: string | null): string {
  const reread = anchor === null ? '' : `\n  reread: '${anchor}',`
  return `import { check, rule, scenario } from '#grader'

const called = scenario('greeting() is called with the name of somebody', {
  async record({ call, origin, random }) {
    const name = \`\${random.word()} & \${random.word()}\`
    const greeting = \`Good \${random.word()} to you\`
    const server = await origin('the server', () => ({
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ greeting }),
    }))
    const result = await call('greeting', server.url, name)
    return { name, greeting, result, requests: server.exchanges() }
  },
  facts: ({ requests, ...others }) => {
    const [first] = requests
    const target = first?.request.target ?? ''
    const asked = new URL(target, 'http://server').searchParams.get('name')
    return { ...others, requests, first, target, asked }
  },
})

const asks = check('The server was asked for that name', called, {${reread}
  verify: ({ name, requests, first, asked }, expect) => {
    expect(requests.length, 'requests to the server').toBe(1)
    expect(asked, 'the name in the query', first).toBe(name)
  },
  diagnose: {
    'invents-the-answer': rule({
      when: ({ requests }) => requests.length === 0,
      say: 'Your function returned something, but the server was never asked.',
    }),
    'asks-for-nobody': rule({
      when: ({ target }) => target !== '' && !target.includes('name=') && target,
      say: (target) => \`The server was asked for \${target}. That does not say who is to be greeted.\`,
    }),
  },
})

const gives = check('Your function returned the greeting of the server', called, {
  after: asks,${reread}
  verify: ({ greeting, result }, expect) => {
    expect(result).toGive(greeting)
  },
  diagnose: {
    'gives-the-json': rule({
      when: ({ greeting, result }) => JSON.stringify(result.value ?? '').includes(greeting),
      say: 'Your function returned more than the greeting. Its text is one value of the JSON object.',
    }),
  },
})

export default { asks, gives }
`
}

function client(body: string): string {
  return `export async function greeting(address: string, name: string): Promise<string> {\n${body}\n}\n`
}
