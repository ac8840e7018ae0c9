import { present, scenario, type Kit, type Page, type SetUpKit } from '#grader'
import {
  asRead,
  asWritten,
  contentOf,
  firstWithSharedTag,
  found,
  isSaved,
  raceOf,
  type Put,
} from './answers.ts'
import { drawText, editorOf, isPut, putAtOnce, type Editor } from './editor.ts'

const MENU = '/texts/menu'
const IF_NONE = { 'If-None-Match': '*' }

export const saving = scenario("A client that isn't a browser saves with the current tag", {
  setUp: drawMenu,
  async record(kit, { menu }) {
    const editor = await editorOf(kit, MENU)
    const saves = await saveThreeTimes(kit, editor)
    const atOnce = await putAtOnce(kit, 10, MENU, { 'If-Match': '*' })
    return { menu, first: editor.first, saves, atOnce: atOnce.puts }
  },
  facts: ({ menu, first, saves, atOnce }) => {
    const reads = [
      asRead('GET before any save', present(first, `GET ${MENU}`)),
      ...saves.map(({ after }, index) =>
        asRead(`GET after save ${index + 1}`, present(after, `GET ${MENU}`)),
      ),
    ]
    return {
      menu,
      reads,
      shared: firstWithSharedTag(reads),
      saves,
      sharedAtOnce: firstWithSharedTag(atOnce.filter(isSaved).map(asWritten)),
    }
  },
})

export const byHand = scenario("A client that isn't a browser tries every precondition", {
  setUp: drawMenu,
  async record(kit) {
    const editor = await editorOf(kit, MENU)
    const tried = await tryPreconditions(kit, editor)
    const race = await putAtOnce(kit, 10, MENU, { 'If-Match': editor.tag() })
    return { tried, race, fresh: await tryToCreate(kit) }
  },
  facts: ({ tried, race, fresh }) => ({
    ...tried,
    ...fresh,
    careless: [tried.careless, fresh.careless],
    race: raceOf(race.puts, race.after),
    creators: raceOf(fresh.creators.puts, fresh.creators.after),
  }),
})

export const inTwoTabs = scenario('Ada and Ben open /edit in Chromium, and both save', {
  setUp: drawMenu,
  async record({ newPage, send, exchanges, random }) {
    const ada = await openEditor(await newPage('Ada'))
    const ben = await openEditor(await newPage('Ben'))
    const texts = Array.from({ length: 4 }, () => drawText(random))
    const [adas = '', bens = '', adasNext = '', bensNext = ''] = texts
    await saveIn(ada, adas)
    await saveIn(ben, bens)
    const conflict = await ben.evaluate(`!document.querySelector('#conflict').hidden`)
    const afterBen = await send(MENU)
    await saveIn(ada, adasNext)
    await ben.reload()
    await hasRead(ben)
    await saveIn(ben, bensNext)
    return { texts, conflict, afterBen, afterAll: await send(MENU), exchanges: exchanges() }
  },
  facts: ({ texts, conflict, afterBen, afterAll, exchanges }) => {
    const [adas = '', bens = '', adasNext = '', bensNext = ''] = texts
    // A program may close an idle connection just as Chromium uses it. Chromium then sends the PUT
    // again by itself, and the page gets the answer to the last one.
    const putOfText = (content: string) =>
      exchanges.findLast((each) => isPut(each) && contentOf(each) === content) ?? null
    return {
      adas,
      bens,
      bensNext,
      ada: present(putOfText(adas), `PUT ${MENU}`),
      ben: present(putOfText(bens), `PUT ${MENU}`),
      conflict,
      afterBen: found(afterBen),
      goingOn: [
        { name: 'Ada saves again, with the tag of her save', exchange: putOfText(adasNext) },
        { name: 'Ben saves after a reload', exchange: putOfText(bensNext) },
      ],
      afterAll: found(afterAll),
    }
  },
})

function drawMenu({ random }: SetUpKit) {
  const menu = drawText(random)
  return { menu, environment: { MENU: menu } }
}

/** The last text is the first one again: it may have its old tag, or another one. */
async function saveThreeTimes({ random }: Kit, editor: Editor): Promise<Put[]> {
  const texts = [drawText(random), drawText(random)]
  const saves: Put[] = []
  for (const [index, content] of [...texts, texts[0]].entries()) {
    const fields = { 'If-Match': editor.tag() }
    saves.push(await editor.put(`save ${index + 1}`, fields, content))
  }
  return saves
}

async function tryPreconditions({ random }: Kit, editor: Editor) {
  const old = editor.tag()
  await editor.put('the current tag', { 'If-Match': old })
  const foreign = `"${random.token(8)}"`
  const ifMatch = (name: string, value: string) => editor.put(name, { 'If-Match': value })
  return {
    careless: await editor.put('neither field', {}),
    stale: await ifMatch('the tag of an earlier text', old),
    lists: [
      await ifMatch('the right tag is the second', `${foreign}, ${editor.tag()}`),
      await ifMatch('no space after the comma', `${editor.tag()},${foreign}`),
      await ifMatch('a weak tag before the right one', `W/${foreign}, ${editor.tag()}`),
      await ifMatch('the star', '*'),
    ],
    weak: [
      await ifMatch('the right tag made weak', `W/${editor.tag()}`),
      await ifMatch('the same in a list', `${foreign}, W/${editor.tag()}`),
    ],
    longer: await ifMatch('a longer tag', `${editor.tag().slice(0, -1)}${random.token(4)}"`),
    unquoted: await ifMatch('the right tag without quotes', editor.tag().slice(1, -1)),
  }
}

async function tryToCreate(kit: Kit) {
  const { random } = kit
  const another = await editorOf(kit, `/texts/${random.word()}`)
  const careless = await another.put('neither field, and no text', {})
  const editor = await editorOf(kit, `/texts/${random.word()}`)
  return {
    careless,
    withoutText: [
      await editor.put('any tag, and no text', { 'If-Match': '*' }),
      await editor.put('a tag, and no text', { 'If-Match': `"${random.token(8)}"` }),
    ],
    created: await editor.put('only if there is no text', IF_NONE),
    again: await editor.put('the same again', IF_NONE),
    own: await editor.put('with the tag of that text', { 'If-Match': editor.tag() }),
    creators: await putAtOnce(kit, 5, `/texts/${random.word()}`, IF_NONE),
  }
}

async function openEditor(page: Page): Promise<Page> {
  await page.open('/edit')
  await hasRead(page)
  return page
}

/** The page is given, so its words are known. */
function hasRead(page: Page) {
  return page.until(STATUS, (status) => status.startsWith('Read:'))
}

async function saveIn(page: Page, content: string): Promise<void> {
  await page.fill('#text', content)
  await page.click('#save')
  await page.until(STATUS, (status) => /^(Saved|Not saved)/.test(status))
}

const STATUS = `document.querySelector('#status')?.value ?? ''`
