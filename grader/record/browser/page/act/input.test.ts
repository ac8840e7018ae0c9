import type { RequestListener } from 'node:http'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { record } from '../../../../../testing/record-by-hand.ts'
import type { Page } from '../../../../types/page.ts'
import { closeBrowser, warmBrowser } from '../../browser.ts'

// What is waited for in vain need not be waited for longer because the machine is busy.
const machine = vi.hoisted(() => ({ isQuiet: false }))
vi.mock('../../../timing/machine-speed.ts', async (original) => {
  const real = await original<typeof import('../../../timing/machine-speed.ts')>()
  return {
    machineSlowness: async () => (machine.isQuiet ? 1 : real.machineSlowness()),
    isMachineLoaded: () => !machine.isQuiet && real.isMachineLoaded(),
  }
})

beforeAll(() => warmBrowser())
afterAll(closeBrowser)

const page =
  (body: string): RequestListener =>
  (_, response) => {
    response.setHeader('Content-Type', 'text/html; charset=utf-8')
    response.end(`<!doctype html><link rel="icon" href="data:,">${body}`)
  }
const HEARD = `<script>heard = []; for (const type of ['click', 'dblclick', 'input', 'change', 'keydown'])
  addEventListener(type, (event) => heard.push([type, event.isTrusted, event.detail ?? 0, event.key ?? ''].join(' ')), true)</script>`

/** What was heard in a page, and what an expression gives at the end. */
async function heardIn(body: string, act: (page: Page) => Promise<void>, expression = '0') {
  const { facts } = await record(page(HEARD + body), async ({ newPage }) => {
    const tab = await newPage()
    await tab.open('/')
    await act(tab)
    return { heard: await tab.evaluate('heard'), value: await tab.evaluate(expression) }
  })
  return { heard: facts.heard.value as string[], value: facts.value.value }
}

describe('what a person does is trusted', () => {
  test('a click, also far down the page', async () => {
    const { heard } = await heardIn(
      '<div style="height: 3000px"></div><button>Pay</button>',
      (tab) => tab.click('button'),
    )
    expect(heard).toEqual(['click true 1 '])
  })

  test('a double click', async () => {
    const { heard } = await heardIn('<button>Pay</button>', (tab) =>
      tab.click('button', { count: 2, delay: 10 }),
    )
    expect(heard).toEqual(['click true 1 ', 'click true 2 ', 'dblclick true 2 '])
  })

  test('a click in a page whose scripts are switched off', async () => {
    const { facts } = await record(
      page('<a href="/next">on</a><script>document.body.textContent = "ran"</script>'),
      async ({ newPage }) => {
        const tab = await newPage('Ann', { javaScriptEnabled: false })
        const before = await tab.open('/')
        return { before, after: await tab.leads(() => tab.click('a')) }
      },
    )
    expect([facts.before.text, facts.after.to, facts.after.document?.request.target]).toEqual([
      'on',
      'page',
      '/next',
    ])
  })

  test('text in a field, in place of what was there', async () => {
    const { heard, value } = await heardIn(
      '<input name="a" value="old"><textarea>old</textarea><p contenteditable>old</p>',
      async (tab) => {
        await tab.fill('input', 'new “€” 日本')
        await tab.fill('textarea', 'two\nlines')
        await tab.fill('p', 'any')
        await tab.fill('input', '')
      },
      '[document.querySelector("input").value, document.querySelector("textarea").value, document.querySelector("p").textContent]',
    )
    expect(value).toEqual(['', 'two\nlines', 'any'])
    expect(heard.filter((each) => /^(?:input|change)/.test(each))).toEqual(
      expect.arrayContaining(['input true 0 ', 'change true 0 ']),
    )
    expect(heard.some((each) => each.includes('false'))).toBe(false)
  })

  test('a key, alone and with another one held', async () => {
    const { heard } = await heardIn('<input>', async (tab) => {
      await tab.press('input', 'x')
      await tab.press('input', 'Control+Enter')
    })
    expect(heard.filter((each) => each.startsWith('keydown'))).toEqual([
      'keydown true 0 x',
      'keydown true 0 Control',
      'keydown true 0 Enter',
    ])
  })

  test('a check box, a radio button and a choice, each only where it changes something', async () => {
    const { heard, value } = await heardIn(
      `<input type="checkbox" checked><label>b <input type="radio" value="r"></label>
       <select><option value="1">one<option value="2">two<option value="3" disabled>three<option value="4">four</select>`,
      async (tab) => {
        await tab.check('[type=checkbox]')
        await tab.uncheck('[type=checkbox]')
        await tab.check('[type=radio]')
        await tab.selectOption('select', '4')
        await tab.selectOption('select', 'four')
      },
      '[document.querySelector("[type=checkbox]").checked, document.querySelector("[type=radio]").checked, document.querySelector("select").value]',
    )
    expect(value).toEqual([false, true, '4'])
    expect(heard.filter((each) => each.startsWith('change'))).toEqual(
      Array(3).fill('change true 0 '),
    )
  })

  test('of an element that comes later and moves at first', async () => {
    const { heard } = await heardIn(
      `<style>@keyframes come { from { margin-left: 500px } } button { animation: come 0.3s }</style>
       <script>setTimeout(() => document.body.insertAdjacentHTML('beforeend', '<button>Pay</button>'), 100)</script>`,
      (tab) => tab.click('button'),
    )
    expect(heard).toEqual(['click true 1 '])
  })
})

test('files are chosen with name, type and bytes', async () => {
  const bytes = Uint8Array.from({ length: 256 }, (_, index) => index)
  const { facts, exchanges } = await record(
    page(
      '<form method="post" enctype="multipart/form-data"><input type="file" name="doc" multiple hidden><button>Send</button></form>',
    ),
    async ({ newPage }) => {
      const tab = await newPage()
      await tab.open('/')
      await tab.setInputFiles('input', [
        { name: 'é "a".bin', type: 'application/x-a', bytes },
        { name: 'empty.txt', type: '', bytes: new Uint8Array() },
      ])
      return tab.leads(() => tab.click('button'))
    },
  )
  const sent = Buffer.from(exchanges[1]!.request.body)
  expect(facts.document).toBe(exchanges[1])
  expect(sent.includes(Buffer.from(bytes))).toBe(true)
  expect(sent.toString()).toMatch(
    /filename="é %22a%22.bin"\r\nContent-Type: application\/x-a\r\n[^]*filename="empty.txt"\r\nContent-Type: application\/octet-stream\r\n/,
  )
})

describe("what the learner's page lacks", () => {
  beforeAll(() => void (machine.isQuiet = true))
  afterAll(() => void (machine.isQuiet = false))

  test.each<[what: string, body: string, act: (tab: Page) => Promise<void>, received: RegExp]>([
    [
      'nothing',
      '<p>hello</p>',
      (tab) => tab.click('.pay'),
      /^nothing matches \.pay; the page came as the answer to GET \/: 200 OK$/,
    ],
    [
      'hidden',
      '<button hidden>Pay</button>',
      (tab) => tab.click('button'),
      /^button matches, but is not visible/,
    ],
    [
      'covered',
      '<button>Pay</button><div id="ad" style="position: fixed; inset: 0"></div>',
      (tab) => tab.click('button'),
      /but div#ad covers it/,
    ],
    [
      'readonly',
      '<input readonly>',
      (tab) => tab.fill('input', 'a'),
      /^input\[type=text\] cannot be written into/,
    ],
    ['not a field', '<p>a</p>', (tab) => tab.fill('p', 'a'), /^p is not a text field/],
    [
      'no box',
      '<input>',
      (tab) => tab.check('input'),
      /^input is input\[type=text\], neither a check box nor a radio button/,
    ],
    [
      'no option',
      '<select><option>one<option>two</select>',
      (tab) => tab.selectOption('select', 'three'),
      /^select has no option “three” to choose, but one, two/,
    ],
    [
      'one file',
      '<input type="file">',
      (tab) => tab.setInputFiles('input', [A, A]),
      /^input takes one file only/,
    ],
    [
      'no file',
      '<input>',
      (tab) => tab.setInputFiles('input', A),
      /^input is input\[type=text\], not an input of the type file/,
    ],
  ])('ends the scenario, which says so: %s', async (_, body, act, received) => {
    const { stopped, exchanges, recorded } = await record(page(body), async ({ newPage }) => {
      const tab = await newPage()
      await tab.open('/')
      await act(tab)
      return 'went on'
    })
    expect(stopped?.received).toMatch(received)
    expect([stopped?.exchange, recorded]).toEqual([exchanges[0]!.id, null])
  })

  const A = { name: 'a', type: '', bytes: new Uint8Array() }
})
