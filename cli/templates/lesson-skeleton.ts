import type { Skeleton } from './exercise-skeleton.ts'

/** The heading of a new lesson that a new exercise can send a learner back to. */
export const FIRST_ANCHOR = 'who-asks'

/** A lesson with one idea and one question. `file`: `lessons/01-start/10-first.md`. */
export function lessonSkeleton({
  id,
  title,
  file,
}: {
  id: string
  title: string
  file: string
}): Skeleton {
  return {
    [file]: `---
id: ${id}
title: ${JSON.stringify(title)}
minutes: 1
needs: []
terms:
  query: What follows the question mark in an address. It tells the server what exactly is wanted.
objectives:
  - Say what a reader is able to do afterwards
---

## Who asks {#${FIRST_ANCHOR}}

Begin with something that can be seen, and put the name to it afterwards. Here, two requests that differ in one word:

\`\`\`http
→ from Ada
GET /greeting?name=Ada HTTP/1.1
Host: 127.0.0.1:4000

→ from Ben
GET /greeting?name=Ben HTTP/1.1
Host: 127.0.0.1:4000
\`\`\`

What follows the question mark is the **query** {{rfc 3986#3.4}}. A server that does not read it has the same answer for both.

\`\`\`quiz id=${`${id}-query`.slice(0, 64)}
Where does the name of the one who asks stand?
(x) In the query of the request's first line
( ) In the Host field
  It names somebody, too: the server, and not the one who asks.
= Host names the server that is asked. The query is part of the request target.
\`\`\`
`,
  }
}

/** A section for lessons. `folder`: `lessons/01-start`. */
export function sectionSkeleton({
  id,
  title,
  folder,
}: {
  id: string
  title: string
  folder: string
}): Skeleton {
  return {
    [`${folder}/section.md`]: `---\nid: ${id}\ntitle: ${JSON.stringify(title)}\nsummary: Say in one sentence what this section is about.\n---\n`,
  }
}
