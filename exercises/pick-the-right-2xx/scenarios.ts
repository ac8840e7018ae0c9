import { present, scenario, type Exchange, type Kit } from '#grader'
import { bytesAfter, targetOf, type Adding } from './answers.ts'
import { createClient, type Ask } from './raw-client.ts'
import { useThePage, type Step } from './page-steps.ts'

export const asked = scenario(
  'A client adds two to-dos, does one, deletes both, and asks for all of them in between',
  {
    async record(kit) {
      const ask = createClient(kit)
      const before = await ask('GET', '/todos')
      const first = await add(ask, twoWords(kit))
      const second = await add(ask, twoWords(kit))
      const [one, two] = [targetOf(first.added)?.path, targetOf(second.added)?.path]
      // Without its address, nothing can be done with a to-do.
      const rest = one && two ? await doAndDelete(ask, one, two) : NOTHING
      return { before, first, second, rest }
    },
    facts: ({ before, first, second, rest }) => ({
      before: present(before, 'GET /todos'),
      first: asAdding('POST 1', first),
      second: asAdding('POST 2', second),
      ...rest,
      changes: [
        asChange('POST …/done', rest.done, rest.shownDone),
        asChange('DELETE', rest.removal, rest.shownGone),
      ],
      missing: [
        { name: 'DELETE again', exchange: rest.again },
        { name: 'POST …/done, too late', exchange: rest.tooLate },
      ],
    }),
  },
)

export const clicked = scenario(
  'Chromium adds to-dos with the page, does one, deletes one, and reloads',
  {
    record: useThePage,
    facts: ({ document, steps, ...rest }) => ({
      ...rest,
      page: present(document, 'GET /'),
      steps,
      additions: additionsAmong(steps),
    }),
  },
)

interface Added {
  readonly text: string
  readonly added: Exchange | null
  readonly shown: Exchange | null
}

const NOTHING = {
  done: null,
  shownDone: null,
  removal: null,
  shownGone: null,
  again: null,
  tooLate: null,
  left: null,
  emptied: null,
}

async function add(ask: Ask, text: string): Promise<Added> {
  const added = await ask('POST', '/todos', { text })
  const path = targetOf(added)?.path
  return { text, added, shown: path === undefined ? null : await ask('GET', path) }
}

async function doAndDelete(ask: Ask, one: string, two: string) {
  const done = await ask('POST', `${one}/done`)
  const shownDone = await ask('GET', one)
  const removal = await ask('DELETE', one)
  const shownGone = await ask('GET', one)
  const again = await ask('DELETE', one)
  const tooLate = await ask('POST', `${one}/done`)
  const left = await ask('GET', '/todos')
  await ask('DELETE', two)
  const emptied = await ask('GET', '/todos')
  return { done, shownDone, removal, shownGone, again, tooLate, left, emptied }
}

/** What was added on the page, and whether an earlier one had got the same address. */
function additionsAmong(steps: readonly Step[]) {
  const additions = steps.flatMap(({ text, name, post }) =>
    text === undefined ? [] : [{ text, name, exchange: post, address: targetOf(post)?.path }],
  )
  return additions.map(({ address, ...rest }, index) => {
    const sameAs = additions.slice(0, index).find((each) => each.address === address)?.text
    const leads = sameAs === undefined ? 'an address of its own' : `${address}, as for ${sameAs}`
    return { ...rest, address, sameAs, leads }
  })
}

function asAdding(name: string, { text, added, shown }: Added): Adding {
  return { name, text, exchange: added, leads: targetOf(added), shown }
}

/** A request whose answer has no content, with what followed its head all the same. */
function asChange(name: string, exchange: Exchange | null, next: Exchange | null) {
  return { name, exchange, content: bytesAfter(exchange, next) }
}

function twoWords({ random }: Kit): string {
  return `${random.word()} ${random.word()}`
}
