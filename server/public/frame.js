// On every page: the colours are switched in place. Without this script the same buttons send a form.

const root = document.documentElement
const buttons = /** @type {NodeListOf<HTMLButtonElement>} */ (document.querySelectorAll('.themes button'))

for (const button of buttons) {
  button.addEventListener('click', (event) => {
    event.preventDefault()
    const age = button.value === 'system' ? 0 : 31_536_000
    document.cookie = `theme=${button.value}; path=/; max-age=${age}; samesite=lax`
    showTheme()
  })
}

// Another tab may have switched since, and a page that comes back from the browser's memory was not asked for anew.
addEventListener('pageshow', ({ persisted }) => persisted && showTheme())
addEventListener('visibilitychange', () => document.visibilityState === 'visible' && showTheme())

function showTheme() {
  const theme = /(?:^|; )theme=(light|dark)/.exec(document.cookie)?.[1] ?? 'system'
  if (theme === 'system') root.removeAttribute('data-theme')
  else root.dataset.theme = theme
  document.querySelector('meta[name=color-scheme]')?.setAttribute('content', theme === 'system' ? 'light dark' : theme)
  for (const button of buttons) button.ariaPressed = String(button.value === theme)
}
