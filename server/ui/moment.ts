import { html, type Html } from './html.ts'

/** A point in time as this machine's clock shows it: "22 November 2026, 10:15". */
export function moment(iso: string): Html {
  const date = new Date(iso)
  if (Number.isNaN(date.getTime())) return html`${iso}`
  return html`<time datetime="${date.toISOString()}">${format.format(date)}</time>`
}

const format = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'long',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
})
