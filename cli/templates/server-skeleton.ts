import type { Skeleton } from './exercise-skeleton.ts'
import { mutantPatch } from './mutant-patch.ts'

/** The files of a small exercise of the kind server: the query says whom to greet. */
export function serverSkeleton(frontMatter: string, anchor: string | null): Skeleton {
  const solution = server(
    "      respond(200, { greeting: `Hello, ${url.searchParams.get('name')}` })",
  )
  return {
    'exercise.md': task(frontMatter),
    'checks.ts': checks(anchor),
    'stub/server.ts': server(
      "      // TODO: Greet the client by the name in its request.\n      respond(404, { error: 'not found' })",
    ),
    'solution/server.ts': solution,
    ...mutantPatch(
      'same-for-all',
      'The same greeting will do for everybody.',
      'server.ts',
      solution,
      server("      respond(200, { greeting: 'Hello, friend' })"),
    ),
  }
}

function task(frontMatter: string): string {
  return `${frontMatter}hints:
  - The request's first line has the name of the client.
  - The part after the question mark is the query, a list of names and values.
  - "\`new URL(request.url, 'http://localhost').searchParams\` reads the query; the name is its \`name\`."
---

Say in two sentences why somebody needs this at work. Here: a server that gives everybody the same answer has not read the request.

| method | path | what |
| --- | --- | --- |
| GET | \`/greeting?name=…\` | 200 with JSON \`{"greeting": "Hello, …"}\`, with the name from the query. |

**What will be observed.** A client asks with a name that changes every run.

**Your file.** \`server.ts\`. It listens on \`127.0.0.1\`, on the port in \`process.env.PORT\`.
`
}

function checks(anchor: string | null): string {
  return `import { check, json, rule, scenario, type Exchange } from '#grader'

const greeting = scenario('A client asks for a greeting by name', {
  async record({ send, random }) {
    const name = random.word()
    return { name, answer: await send(\`/greeting?name=\${name}\`) }
  },
  facts: ({ name, answer }) => ({ name, answer, said: greetingIn(answer) }),
})

const greets = check('The greeting names who asked', greeting, {${anchor === null ? '' : `\n  reread: '${anchor}',`}
  verify: ({ name, answer }, expect) => {
    expect(answer)
      .toHaveStatus(200)
      .toHaveJson({ greeting: \`Hello, \${name}\` })
  },
  diagnose: {
    'same-for-all': rule({
      when: ({ name, said }) => said.startsWith('Hello') && !said.includes(name) && said,
      say: (said, { name }) =>
        \`\${name} asked, but the answer was "\${said}". The name is in the query.\`,
    }),
  },
})

export default { greets }

/** The greeting in the answer; empty when the answer has no greeting. */
function greetingIn(answer: Exchange | null): string {
  const content = json(answer)
  const isGreeting = typeof content === 'object' && content !== null && 'greeting' in content
  return isGreeting ? String(content.greeting) : ''
}
`
}

function server(answer: string): string {
  return `import { createServer } from 'node:http'

const server = createServer((request, response) => {
  const url = new URL(request.url ?? '/', 'http://localhost')
  const respond = (status: number, body: unknown) => {
    response.writeHead(status, { 'Content-Type': 'application/json' })
    response.end(JSON.stringify(body))
  }
  switch (\`\${request.method} \${url.pathname}\`) {
    case 'GET /greeting':
${answer}
      break
    default:
      respond(404, { error: 'not found' })
  }
})

server.listen(Number(process.env.PORT), '127.0.0.1')
`
}
