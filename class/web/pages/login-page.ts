import { html, layout, type Html, type Theme } from '../../../server/for-class.ts'

export interface LoginPage {
  /** Where to go on. */
  readonly next: string
  readonly error?: string | undefined
  readonly theme: Theme
}

/** Asks for the code on somebody's card. */
export function loginPage({ next, error, theme }: LoginPage): Html {
  return layout({
    title: 'Access required',
    kind: 'plain',
    theme,
    body: html`<div class="gate">
<h1>Access required</h1>
<p>Your teacher has given you a card with a code. It looks like <code>K7QX-9MPD</code>.</p>
<form method="post" action="/access">
<input type="hidden" name="next" value="${next}">
<label for="code">Code</label>
<input id="code" name="code" autocomplete="off" autocapitalize="characters" spellcheck="false" required autofocus${error && html` aria-invalid="true" aria-describedby="code-error"`}>
${error && html`<p class="error" id="code-error" role="alert">${error}</p>`}
<button class="primary" type="submit">Enter</button>
</form>
<p>Lost your code? Ask your teacher for a new one.</p>
</div>`,
  })
}
