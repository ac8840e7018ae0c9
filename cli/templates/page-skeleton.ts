import type { Skeleton } from './exercise-skeleton.ts'
import { mutantPatch } from './mutant-patch.ts'

/** The files of a small exercise of the kind page: a script that shows what another server says. */
export function pageSkeleton(frontMatter: string, anchor: string | null): Skeleton {
  const solution = script(
    'const answer = await fetch(`${api}/greeting`)\nconst { greeting } = (await answer.json()) as { greeting: string }\noutput.textContent = greeting',
  )
  const mutant = (id: string, misconception: string, rest: string) =>
    mutantPatch(id, misconception, 'page.ts', solution, script(rest))
  return {
    'exercise.md': task(frontMatter),
    'index.html': PAGE,
    'checks.ts': checks(anchor),
    'stub/page.ts': script(
      '// TODO: Ask the API for the greeting, and show it.\noutput.textContent = api',
    ),
    'solution/page.ts': solution,
    ...mutant(
      'shows-the-json',
      'The content is the greeting.',
      'const answer = await fetch(`${api}/greeting`)\noutput.textContent = await answer.text()',
    ),
    ...mutant(
      'asks-its-own-server',
      'A path is enough.',
      "const answer = await fetch('/greeting')\noutput.textContent = await answer.text()",
    ),
  }
}

const PAGE = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <title>A greeting from elsewhere</title>
    <link rel="icon" href="data:,">
  </head>
  <body data-api="{{API}}">
    <output></output>
    <script type="module" src="/page.js"></script>
  </body>
</html>
`

function task(frontMatter: string): string {
  return `${frontMatter}hints:
  - The page comes from one server, and what it shows from another.
  - An address that begins with a slash belongs to the server of the page. The other server's address is written in the page.
  - "\`await fetch(api + '/greeting')\` asks the API; \`await answer.json()\` reads its content."
---

Say in two sentences why somebody needs this at work. Here: most pages show what they have from more than one server.

| method | path of the API | what |
| --- | --- | --- |
| GET | \`/greeting\` | 200 with JSON \`{"greeting": "…"}\`, to be read by every page |

The page is given. \`document.body.dataset.api\` is the address of the API. Show the greeting in \`<output>\`.

**What will be observed.** Chromium opens the page with your script in it. The API's greeting changes every run, and the API records each request.

**Your file.** \`page.ts\`, a module without exports. \`npm run serve\` serves the page with it.
`
}

function checks(anchor: string | null): string {
  const reread = anchor === null ? '' : `\n  reread: '${anchor}',`
  return `import { check, rule, scenario } from '#grader'

const visit = scenario('Chromium opens the page', {
  async setUp({ origin, random }) {
    const greeting = \`Good \${random.word()} to you\`
    const api = await origin('the API', ({ path }) =>
      path === '/greeting'
        ? {
            headers: { 'Content-Type': 'application/json', 'Access-Control-Allow-Origin': '*' },
            body: JSON.stringify({ greeting }),
          }
        : { status: 404, headers: { 'Access-Control-Allow-Origin': '*' } },
    )
    return { greeting, api, environment: { API: api.url } }
  },
  async record({ newPage }, { greeting, api }) {
    const page = await newPage()
    await page.open('/')
    const output = "document.querySelector('output')?.textContent"
    const shown = await page.until(output, (text) => text !== '')
    return { greeting, shown, requests: api.exchanges() }
  },
})

const asks = check('The API was asked for the greeting', visit, {${reread}
  verify: ({ requests }, expect) => {
    const asked = requests.map(({ request }) => \`\${request.method} \${request.path}\`)
    expect(asked.join(', '), 'what the API was asked', requests[0]).toBe('GET /greeting')
  },
  diagnose: {
    'asks-its-own-server': rule({
      when: ({ requests }) => requests.length === 0,
      say:
        'The API was not asked for anything. An address without a host belongs to the server ' +
        'that the page came from.',
    }),
  },
})

const shows = check('The page shows the greeting', visit, {
  after: asks,${reread}
  verify: ({ greeting, shown }, expect) => {
    expect(shown).toGive(greeting)
  },
  diagnose: {
    'shows-the-json': rule({
      when: ({ greeting, shown }) => String(shown.value).includes(greeting) && shown,
      say: ({ value }) =>
        \`The page shows \${String(value)}. The greeting is one value of that object.\`,
    }),
  },
})

export default { asks, shows }
`
}

function script(rest: string): string {
  return `const output = document.querySelector('output')!\nconst api = document.body.dataset.api!\n\n${rest}\n`
}
