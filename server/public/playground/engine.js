// On every page of a playground that shows what the reader's own browser did: which engine that is.
// The grader's browser is Chromium.

/** The engine's name for readers, or 'Chromium'. */
export const engine = engineOf(navigator.userAgent)

if (engine !== 'Chromium') {
  const note = document.createElement('p')
  note.className = 'because'
  note.id = 'engine'
  note.textContent = `You read this in ${engine}, and what you see here is what ${engine} does. The grader’s browser is Chromium; where the two differ, both are right about themselves.`
  const heading = document.querySelector('.playground-page h1')
  heading?.after(note)
}

/** @param {string} userAgent */
function engineOf(userAgent) {
  if (/Chrom(?:e|ium)\//.test(userAgent)) return 'Chromium'
  if (/\bFirefox\//.test(userAgent)) return 'Firefox'
  if (/\bAppleWebKit\//.test(userAgent)) return 'WebKit, Safari’s engine'
  return 'another engine than Chromium'
}
