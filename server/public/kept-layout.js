// How the learner chose to have an exercise's page: the divider between the task and the work beside
// it, and whether the editor is there. No module: it runs before the page is drawn, so that nothing
// has to move afterwards.
{
  /** Which part of both columns' width the task takes: from 0 to 1. work.css holds the minima. */
  const KEPT = 'task-part'
  const STEP = 0.02
  const root = document.documentElement

  /** @param {string} text from the browser's storage, where anything may be */
  const partFrom = (text) => {
    const part = text.trim() === '' ? NaN : Number(text)
    return part >= 0 && part <= 1 ? part : undefined
  }

  /** @param {number | undefined} part undefined: as the style sheet has it */
  const show = (part) => {
    root.toggleAttribute('data-divided', part !== undefined)
    if (part === undefined) root.style.removeProperty('--task-part')
    else root.style.setProperty('--task-part', String(part))
  }

  /** @param {number | undefined} part */
  const keep = (part) => {
    // Where the storage is blocked, the divider stays where it is as long as the page.
    try {
      if (part === undefined) localStorage.removeItem(KEPT)
      else localStorage.setItem(KEPT, part.toFixed(4))
    } catch {}
  }

  /** @param {string} name */
  const kept = (name) => {
    try {
      return localStorage.getItem(name)
    } catch {
      return null
    }
  }

  const begin = () => {
    const task = /** @type {HTMLElement | null} */ (document.querySelector('.task'))
    const work = /** @type {HTMLElement | null} */ (document.querySelector('.work'))
    if (!task || !work) return
    const divider = makeDivider()
    task.after(divider)

    const both = () => task.offsetWidth + work.offsetWidth
    const part = () => task.offsetWidth / both()
    const least = (/** @type {string} */ name) =>
      (parseFloat(getComputedStyle(divider).getPropertyValue(name)) *
        parseFloat(getComputedStyle(root).fontSize)) /
      both()
    const say = () => {
      const values = { min: least('--task-least'), now: part(), max: 1 - least('--work-least') }
      for (const [name, value] of Object.entries(values))
        divider.setAttribute(`aria-value${name}`, String(Math.round(value * 100)))
    }
    new ResizeObserver(say).observe(task)
    const divide = (/** @type {number} */ part) => {
      show(Math.min(1, Math.max(0, part)))
      say()
    }

    /** @type {{ x: number, width: number } | undefined} */
    let drag
    divider.addEventListener('pointerdown', (event) => {
      if (event.button !== 0) return
      // Else the browser marks text while the pointer moves. With it goes the focus.
      event.preventDefault()
      divider.focus({ preventScroll: true })
      divider.setPointerCapture(event.pointerId)
      drag = { x: event.clientX, width: task.offsetWidth }
    })
    divider.addEventListener('pointermove', ({ clientX }) => {
      if (drag && clientX !== drag.x) divide((drag.width + clientX - drag.x) / both())
    })
    divider.addEventListener('lostpointercapture', () => {
      if (drag && task.offsetWidth !== drag.width) keep(part())
      drag = undefined
    })
    divider.addEventListener('dblclick', () => {
      show(undefined)
      keep(undefined)
    })
    divider.addEventListener('keydown', (event) => {
      const { key, ctrlKey, metaKey, altKey, shiftKey } = event
      const wanted = { ArrowLeft: part() - STEP, ArrowRight: part() + STEP, Home: 0, End: 1 }[key]
      if (wanted === undefined || ctrlKey || metaKey || altKey || shiftKey) return
      event.preventDefault()
      divide(wanted)
      keep(part())
    })
  }

  const makeDivider = () => {
    const made = document.createElement('div')
    const attributes = {
      class: 'divider',
      role: 'separator',
      tabindex: '0',
      title: 'Drag, or press ← and →. A double click resets.',
      'aria-label': 'Width of the task',
      'aria-orientation': 'vertical',
      'aria-controls': 'task',
      'aria-valuenow': '50',
    }
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value)
    return made
  }

  root.toggleAttribute('data-editor-closed', kept('editor') === 'closed')
  show(partFrom(kept(KEPT) ?? ''))
  document.addEventListener('DOMContentLoaded', begin)
}
