import type { Theme } from '../../ui/theme.ts'
import { html, type Html } from '../../ui/html.ts'
import { layout } from '../../ui/layout.ts'

/** Asks for the access code; `next` is where to go on. */
export function gatePage({
  next,
  error,
  theme,
}: {
  next: string
  error?: string | undefined
  theme: Theme
}): Html {
  const body = html`<div class="gate">
<h1>Access required</h1>
<p>This course asks for a code. The person who invited you has it.</p>
<form method="post" action="/access">
<input type="hidden" name="next" value="${next}">
<label for="code">Access code</label>
<input id="code" name="code" type="password" autocomplete="current-password" required autofocus${error && html` aria-invalid="true" aria-describedby="code-error"`}>
${error && html`<p class="error" id="code-error" role="alert">${error}</p>`}
<button class="primary" type="submit">Enter</button>
</form>
</div>`
  return layout({ title: 'Access required', kind: 'plain', body, theme })
}
