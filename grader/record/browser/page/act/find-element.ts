/** What a look for an element found. */
export type Found =
  | {
      readonly problem: null
      /** Where a click goes. */
      readonly x: number
      readonly y: number
      /** `button`, `input[type=file]`. */
      readonly is: string
      readonly isEditable: boolean
      readonly isHiddenTab: boolean
    }
  | {
      readonly problem: 'no-selector' | 'missing' | 'hidden' | 'covered'
      /** What the page has instead: how many are hidden, what covers it. */
      readonly detail: string
    }

/**
 * The source of a function that runs in the page and gives what `Found` says. It takes no time of
 * its own, so that it also works in a page whose scripts are switched off.
 */
export const findInPage = `(selector, needs) => {
  const named = (element) => element.localName + (element.id ? '#' + element.id : '') +
    (element.id || !element.classList.length ? '' : '.' + element.classList[0])
  let all
  try { all = [...document.querySelectorAll(selector)] } catch (error) {
    return { problem: 'no-selector', detail: String(error.message) }
  }
  const isVisible = (element) => element.getClientRects().length > 0 &&
    element.checkVisibility({ visibilityProperty: true })
  const element = needs === 'present' ? all[0] : all.find(isVisible)
  if (!element)
    return all.length === 0 ? { problem: 'missing', detail: '' } : { problem: 'hidden', detail: named(all[0]) }
  const is = element.localName === 'input' ? 'input[type=' + element.type + ']' : element.localName
  const isEditable = !element.matches(':disabled') && element.readOnly !== true
  const rest = { problem: null, is, isEditable, isHiddenTab: document.visibilityState === 'hidden' }
  if (needs === 'present') return { ...rest, x: 0, y: 0 }
  const isInView = ({ top, bottom, left, right }) =>
    top >= 0 && left >= 0 && bottom <= innerHeight && right <= innerWidth
  const box = () => [...element.getClientRects()].find(({ width, height }) => width && height)
  if (box() && !isInView(box())) element.scrollIntoView({ block: 'center', inline: 'center', behavior: 'instant' })
  const place = box()
  if (!place) return { problem: 'hidden', detail: named(element) }
  const x = place.left + place.width / 2
  const y = place.top + place.height / 2
  const hit = document.elementFromPoint(x, y)
  const isReached = hit && (element.contains(hit) || hit.contains(element) && hit.closest('label, a, button') ||
    hit.closest('label')?.control === element || element.closest('label')?.contains(hit))
  if (!isReached) return { problem: 'covered', detail: hit ? named(hit) : 'the edge of the page' }
  return { ...rest, x, y }
}`
