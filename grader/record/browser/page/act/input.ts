import type { KeyInput } from 'puppeteer'
import type { ClickOptions, Page } from '../../../../types/page.ts'
import type { TabAtWork } from '../tab-at-work.ts'
import { mistake, type Actor, type Call, type Place } from './act-on-page.ts'
import { checkOptions, checkText, type InTurn } from './author-calls.ts'
import { asFiles, chooseInPage } from './choose-files.ts'

type Input = Pick<
  Page,
  'click' | 'fill' | 'press' | 'check' | 'uncheck' | 'selectOption' | 'setInputFiles'
>

/** What a person does with mouse and keyboard, in Chromium's own events. */
export function createInput(at: TabAtWork, actor: Actor, inTurn: InTurn): Input {
  const { tab, session, navigations, ask } = at

  /** The request that an action leads to leaves in a task of its own: only then it is done. */
  const untilLeft = async (before: number) => {
    const hasBegun = () => navigations.count() > before
    // What the page answers comes after what it told of a visit that it wants.
    const isAnswered = session.send('Runtime.evaluate', { expression: '0' }).catch(() => {})
    const begun = at.untilNavigation(hasBegun)
    await Promise.race([ask(() => isAnswered, undefined), begun])
    if (navigations.requested() > 0) await begun
  }
  const clickOnce = async (place: { x: number; y: number }, clickCount: number, delay: number) => {
    await tab.mouse.move(place.x, place.y)
    // clickCount is what a page reads as event.detail; Puppeteer's mouse counts within one call.
    const button = { ...place, button: 'left', clickCount } as const
    await session.send('Input.dispatchMouseEvent', { ...button, type: 'mousePressed' })
    if (delay > 0) await new Promise((resolve) => setTimeout(resolve, delay))
    await session.send('Input.dispatchMouseEvent', { ...button, type: 'mouseReleased' })
  }
  const clickAt = async ({ x, y }: Place, { count = 1, delay = 0 }: ClickOptions = {}) => {
    for (let click = 1; click <= count; click++) {
      const before = navigations.count()
      await ask(() => clickOnce({ x, y }, click, delay), undefined)
      await untilLeft(before)
    }
  }
  const pressed = async (key: string) => {
    const before = navigations.count()
    const keys = key.split(/(?<=.)\+/) as KeyInput[]
    await ask(async () => {
      for (const held of keys.slice(0, -1)) await tab.keyboard.down(held)
      await tab.keyboard.press(keys.at(-1)!)
      for (const held of keys.slice(0, -1).toReversed()) await tab.keyboard.up(held)
    }, undefined)
    await untilLeft(before)
  }
  const focus = ({ selector }: Call) =>
    actor.read(`${first(selector)}?.focus({ preventScroll: true })`)

  const setChecked = async (call: Call, wanted: boolean) => {
    const place = await actor.find(call, 'visible')
    if (!/checkbox|radio/.test(place.is))
      throw actor.refuse(call, `it is ${place.is}, neither a check box nor a radio button`)
    const isChecked = () => actor.read(`${first(call.selector)}?.checked`)
    if ((await isChecked()) === wanted) return
    await clickAt(place)
    if (navigations.pending() === null && (await isChecked()) === !wanted)
      throw actor.refuse(call, `a click left it ${wanted ? 'unchecked' : 'checked'}`)
  }

  return {
    click: (selector, options = {}) =>
      inTurn('click', selector, async (call) => {
        checkOptions(call, options, { count: 'number', delay: 'number' })
        await clickAt(await actor.find(call, 'visible'), options)
      }),
    fill: (selector, value) =>
      inTurn('fill', selector, async (call) => {
        checkText(call, 'the value', value)
        const place = await actor.find(call, 'visible')
        if (!place.isEditable) throw actor.refuse(call, `${place.is} cannot be written into`)
        if (!TYPED.test(place.is) && (await actor.read(isEditable(selector))) !== true)
          throw actor.refuse(call, `${place.is} is not a text field`)
        await clickAt(place)
        await actor.read(`(${selectAll})(${first(selector)})`)
        if (value === '') await ask(() => tab.keyboard.press('Delete'), undefined)
        else await ask(() => session.send('Input.insertText', { text: value }), undefined)
      }),
    press: (selector, key) =>
      inTurn('press', selector, async (call) => {
        checkText(call, 'the key', key)
        await actor.find(call, 'visible')
        await focus(call)
        await pressed(key).catch((error: Error) => {
          throw error.message.startsWith('Unknown key')
            ? mistake(
                call.at,
                `${call.name}: ${error.message}. Name one as in Enter, a, Control+a.`,
              )
            : error
        })
      }),
    check: (selector) => inTurn('check', selector, (call) => setChecked(call, true)),
    uncheck: (selector) => inTurn('uncheck', selector, (call) => setChecked(call, false)),
    selectOption: (selector, option) =>
      inTurn('selectOption', selector, async (call) => {
        checkText(call, 'the option', option)
        const place = await actor.find(call, 'visible')
        if (place.is !== 'select') throw actor.refuse(call, `it is ${place.is}, not a select`)
        await focus(call)
        const key = await actor.read(
          `(${nextToOption})(${first(selector)}, ${JSON.stringify(option)})`,
        )
        if (typeof key === 'string' && key.startsWith('none: '))
          throw actor.refuse(call, `it has no option “${option}” to choose, but ${key.slice(6)}`)
        if (typeof key === 'string' && key !== '') await pressed(key)
      }),
    setInputFiles: (selector, files) =>
      inTurn('setInputFiles', selector, async (call) => {
        const chosen = asFiles(call, files)
        const place = await actor.find(call, 'present')
        if (place.is !== 'input[type=file]')
          throw actor.refuse(call, `it is ${place.is}, not an input of the type file`)
        const isSet = await actor.read(
          `(${chooseInPage})(${first(selector)}, ${JSON.stringify(chosen)})`,
        )
        if (isSet !== true) throw actor.refuse(call, 'it takes one file only')
      }),
  }
}

const TYPED = /^textarea$|^input\[type=(?:text|search|email|url|tel|password|number)\]$/

/** The first that is visible, as it was found. */
function first(selector: string): string {
  const all = `[...document.querySelectorAll(${JSON.stringify(selector)})]`
  return `(${all}.find((each) => each.checkVisibility({ visibilityProperty: true })) ?? ${all}[0])`
}

function isEditable(selector: string): string {
  return `${first(selector)}?.isContentEditable`
}

/** The source of a function that selects all that a field holds. */
const selectAll =
  '(field) => (field.select ? field.select() : getSelection().selectAllChildren(field))'

/**
 * The source of a function that puts a select next to the option, which no page hears, and gives
 * the key that chooses it from there: one trusted change, as by a person who picks it from the list.
 */
const nextToOption = `(select, wanted) => {
  const options = [...select.options]
  const enabled = options.filter((each) => !each.disabled && !each.parentElement.disabled)
  const option = enabled.find((each) => each.value === wanted) ?? enabled.find((each) => each.label === wanted)
  if (!option) return 'none: ' + (enabled.map((each) => each.label).join(', ') || 'none at all')
  if (option.selected) return ''
  const at = enabled.indexOf(option)
  const neighbour = enabled[at - 1] ?? enabled[at + 1]
  if (!neighbour) { select.selectedIndex = -1; return 'ArrowRight' }
  neighbour.selected = true
  return at > 0 ? 'ArrowRight' : 'ArrowLeft'
}`
