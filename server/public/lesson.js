// A lesson: questions answered in place, a table of contents that follows, how far was read. All of
// it also works without.

import { copyButton, post, whileBusy } from './page.js'

for (const code of document.querySelectorAll('figure.code')) {
  code.append(copyButton(() => code.querySelector('code')?.textContent ?? ''))
}

for (const form of /** @type {NodeListOf<HTMLFormElement>} */ (
  document.querySelectorAll('form.quiz')
)) {
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    void whileBusy(form, () => answer(form))
  })
}

/** @param {HTMLFormElement} form */
async function answer(form) {
  const outcome = /** @type {HTMLElement} */ (form.querySelector('.outcome'))
  try {
    const option = new FormData(form).get('option')
    const ruling = await post(form.action, { option })
    form.dataset.answer = ruling.correct ? 'right' : 'wrong'
    for (const label of form.querySelectorAll('.option'))
      label.classList.toggle('chosen', !!label.querySelector(':checked'))
    outcome.innerHTML = ruling.outcome
  } catch (error) {
    outcome.textContent = /** @type {Error} */ (error).message
  }
}

showPlaygrounds()
followContents()
const article = /** @type {HTMLElement | null} */ (document.querySelector('.lesson-text'))
if (article) keepProgress(article)

/** Shows what can be tried out as soon as it is about to come into view. */
function showPlaygrounds() {
  const observer = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) {
        if (!isIntersecting) continue
        observer.unobserve(target)
        showPlayground(/** @type {HTMLElement} */ (target))
      }
    },
    // Early: it is there when the reader comes to it.
    { rootMargin: '600px' },
  )
  for (const figure of document.querySelectorAll('[data-playground]')) observer.observe(figure)
  addEventListener('pageshow', ({ persisted }) => {
    // Its server may have ended while the browser kept this page for going back to it.
    const shown = /** @type {NodeListOf<HTMLElement>} */ (
      document.querySelectorAll('[data-playground]:has(iframe)')
    )
    if (persisted) for (const figure of shown) showPlayground(figure)
  })
}

/**
 * Makes the playground listen, and shows it unless it is shown already. @param {HTMLElement} figure
 */
async function showPlayground(figure) {
  const stage = /** @type {HTMLElement} */ (figure.querySelector('.embed-frame'))
  try {
    const { address } = await post(`/playground/${figure.dataset.playground}`, { framed: true })
    if (stage.querySelector('iframe')?.src === address) return
    const frame = document.createElement('iframe')
    frame.title = figure.querySelector('figcaption')?.textContent ?? ''
    frame.src = address
    stage.replaceChildren(frame)
  } catch (error) {
    stage.textContent = /** @type {Error} */ (error).message
  }
}

/** Marks the heading that is being read in the table of contents. */
function followContents() {
  const links = new Map(
    [...document.querySelectorAll('.toc a')].map((link) => [
      link.getAttribute('href')?.slice(1) ?? '',
      link,
    ]),
  )
  const headings = [...links.keys()].flatMap((id) => document.getElementById(id) ?? [])
  if (headings.length === 0) return
  const update = () => {
    const line = innerHeight * 0.3
    const current = headings.findLast((heading) => heading.getBoundingClientRect().top < line)
    for (const [id, link] of links) {
      if (id === current?.id) link.setAttribute('aria-current', 'true')
      else link.removeAttribute('aria-current')
    }
  }
  // Observing the headings costs nothing while none of them crosses the line.
  const observer = new IntersectionObserver(update, { rootMargin: '0px 0px -70% 0px' })
  for (const heading of headings) observer.observe(heading)
  update()
}

/**
 * Tells the server how far the lesson was read: at a pause, at the end, and when the page is left.
 * @param {HTMLElement} article
 */
function keepProgress(article) {
  const prose = /** @type {HTMLElement} */ (article.querySelector('.prose'))
  const address = `/lessons/${article.dataset.lesson}/read`
  let kept = Number(article.dataset.fraction)
  let reached = 0
  let timer = 0

  const keep = () => {
    clearTimeout(timer)
    if (reached <= kept + 0.01 && !(reached === 1 && kept < 1)) return
    kept = reached
    post(address, { fraction: reached }, { keepalive: true }).then(
      () => reached === 1 && finished(),
      () => (kept = 0),
    )
  }
  const measure = () => {
    const { top, height } = prose.getBoundingClientRect()
    const share = Math.min(1, Math.max(0, (innerHeight - top) / height))
    if (share <= reached) return
    reached = share > 0.995 ? 1 : share
    clearTimeout(timer)
    timer = setTimeout(keep, reached === 1 ? 300 : 4000)
  }
  addEventListener('scroll', measure, { passive: true })
  addEventListener('visibilitychange', () => document.visibilityState === 'hidden' && keep())
  // A page that is only glanced at was not begun.
  setTimeout(measure, 3000)
}

function finished() {
  const form = document.querySelector('form.finish')
  if (!form) return
  form.querySelector('button')?.remove()
  const words = document.createElement('p')
  words.textContent = 'You have read this lesson.'
  form.prepend(words)
}
