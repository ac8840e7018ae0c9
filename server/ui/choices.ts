import { html, type Html } from './html.ts'

/** One of several answers. */
export function radio({
  name,
  value,
  label,
  checked = false,
  required = false,
}: {
  name: string
  value: string
  label: Html | string
  checked?: boolean
  required?: boolean
}): Html {
  return html`<label><input type="radio" name="${name}" value="${value}"${checked && html` checked`}${required && html` required`}> <span>${label}</span></label>`
}

/** An answer that may be given beside others. */
export function box(name: string, label: Html | string, { checked = false } = {}): Html {
  return html`<label><input type="checkbox" name="${name}"${checked && html` checked`}> <span>${label}</span></label>`
}
