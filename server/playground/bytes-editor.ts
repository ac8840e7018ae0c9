import { html, type Html } from '../ui/html.ts'

export interface BytesEditor {
  /** What is typed: "Your request". */
  readonly label: string
  /** What is typed, by the name of a button; the first is there at the beginning. */
  readonly presets: readonly { readonly name: string; readonly text: string }[]
  readonly rows: number
  readonly button: string
  /** Where it is sent. */
  readonly action: string
}

/**
 * A box in which every byte can be seen and changed, with buttons that fill it. Needs
 * bytes-editor.js, which enables the buttons.
 */
export function bytesEditor({ label, presets, rows, button, action }: BytesEditor): Html {
  return html`<form id="editor" class="bytes-editor" action="${action}">
<div class="presets" role="group" aria-label="Fill the box with">${presets.map(({ name, text }) => html`<button type="button" class="preset" data-text="${text}" disabled>${name}</button>`)}</div>
<label for="bytes">${label}</label>
<textarea id="bytes" rows="${rows}" spellcheck="false" autocapitalize="off" autocomplete="off" aria-describedby="bytes-note">
${presets[0]!.text}</textarea>
<p class="because" id="bytes-note"><code>\\r</code> is a carriage return, <code>\\n</code> a line feed, <code>\\x00</code> any byte. Enter writes <code>\\r\\n</code>. The box’s own line breaks are not sent.</p>
<p class="go"><button type="submit" class="primary" disabled>${button}</button> <span id="say" role="status"></span></p>
</form>
<noscript><p class="error">What you type is sent by a script of this page; without one it cannot be tried.</p></noscript>`
}
