// A page of a teacher's that shows what goes on is read again every few seconds. Without this script
// the whole page reloads itself.

const live = document.getElementById('live')
const everySeconds = Number(live?.dataset.refresh)

if (live && everySeconds > 0) setTimeout(readAgain, everySeconds * 1000)

async function readAgain() {
  const shown = document.getElementById('live')
  if (document.visibilityState === 'visible' && shown && !isInUse(shown)) {
    // Whatever is lost on the way, the next look may get it.
    const newer = await newerOne().catch(() => undefined)
    // The same again would be read aloud again.
    if (newer && !isInUse(shown) && newer.innerHTML !== shown.innerHTML) shown.replaceWith(newer)
  }
  const next = Number(document.getElementById('live')?.dataset.refresh)
  if (next > 0) setTimeout(readAgain, next * 1000)
}

/** @returns {Promise<HTMLElement | null | undefined>} */
async function newerOne() {
  const answer = await fetch(location.href)
  if (!answer.ok) return undefined
  return new DOMParser().parseFromString(await answer.text(), 'text/html').getElementById('live')
}

/**
 * Whether the reader is at something in it that would be gone. @param {HTMLElement} place
 */
function isInUse(place) {
  const selection = getSelection()
  return (
    place.contains(document.activeElement) ||
    place.querySelector('details[open], input:checked') !== null ||
    (selection !== null && !selection.isCollapsed && place.contains(selection.anchorNode))
  )
}
