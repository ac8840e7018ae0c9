import type { Exchange, Kit, Page } from '#grader'

/** Something that was done on the page, and what came of it. */
export interface Step {
  readonly name: string
  /** The text that it added, where it did. */
  readonly text: string | undefined
  /** What the page has to say in the end. */
  readonly wanted: string
  readonly said: unknown
  /** What it listed then, in alphabetical order; a tick for those that are done. */
  readonly listed: unknown
  /** The last request that the step led to: the one whose answer the page said it of. */
  readonly exchange: Exchange | null
  /** The POST to /todos among them. */
  readonly post: Exchange | null
}

const STATE = `document.querySelector('#state')?.value ?? 'nothing, because it is not the given page'`
const LISTED = `Array.from(
  document.querySelectorAll('#list li'),
  (row) => (row.querySelector('input').checked ? '✓ ' : '') + row.innerText.replace('Delete', '').trim(),
).sort().join(', ') || 'nothing'`

/** Ends where the page says something else than it should, because the next step needs that. */
export async function useThePage({ newPage, exchanges, random }: Kit) {
  const page = await newPage()
  const [one, two, three] = threeWords(random)
  const { document } = await page.open('/')
  const plan: { name: string; text?: string; wanted: string; action?: () => Promise<unknown> }[] = [
    { name: 'open the page', wanted: 'Read' },
    add(page, one),
    add(page, two),
    { name: `do ${two}`, wanted: 'Done', action: () => page.click(`[aria-label="Done: ${two}"]`) },
    {
      name: `delete ${one}`,
      wanted: 'Deleted',
      action: () => page.click(`[aria-label="Delete: ${one}"]`),
    },
    add(page, three),
    { name: 'reload the page', wanted: 'Read', action: () => page.reload() },
  ]
  const steps: Step[] = []
  for (const { name, text, wanted, action } of plan) {
    const before = action ? exchanges().length : 0
    await action?.()
    const { value: said } = await page.until(STATE, (state) => state !== 'Waiting…')
    const { value: listed } = await page.evaluate(LISTED)
    const led = exchanges().slice(before)
    const post = led.find(({ request: { method } }) => method === 'POST') ?? null
    steps.push({ name, text, wanted, said, listed, exchange: led.at(-1) ?? null, post })
    if (said !== wanted) break
  }
  return { document, steps, left: [`✓ ${two}`, three].toSorted().join(', ') }
}

function add(page: Page, text: string) {
  const action = async () => {
    await page.fill('#text', text)
    await page.click('#add button')
  }
  return { name: `add ${text}`, text, wanted: 'Added', action }
}

function threeWords(random: Kit['random']): [string, string, string] {
  const words = new Set<string>()
  while (words.size < 3) words.add(random.word())
  const [one = '', two = '', three = ''] = words
  return [one, two, three]
}
