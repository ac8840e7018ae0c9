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

## Two people, one address {#${FIRST_ANCHOR}}

Begin with something that can be seen, and put the name to it afterwards. Here, two requests that differ in one word:

\`\`\`http
→ from Ada
GET /greeting?name=Ada HTTP/1.1
Host: 127.0.0.1:4000

→ from Ben
GET /greeting?name=Ben HTTP/1.1
Host: 127.0.0.1:4000
\`\`\`

What follows the question mark is the **query** {{rfc 3986#3.4}}. If a server doesn't read it, both get the same answer.

\`\`\`quiz id=${`${id}-query`.slice(0, 64)}
Two people ask the same server. What tells it which of them it is?
(x) The query in the request's first line
( ) The Host field
  It looks like a name for the visitor, but it names the server.
= The query carries the visitor's name. Host only says which server is meant.
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
