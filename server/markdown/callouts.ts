import type { MarkedExtension, Tokens } from 'marked'
import markedAlert from 'marked-alert'
import { attribute, escape } from './escape.ts'

/** `> [!WIRE]` and its siblings, as asides with their kind in words. */
export function callouts(): MarkedExtension[] {
  return [
    markedAlert({ variants: kinds.map(({ type, title }) => ({ type, title, icon: '' })) }),
    { extensions: [aside] },
  ]
}

const kinds = [
  { type: 'wire', title: 'On the wire' },
  { type: 'surprise', title: 'Surprise' },
  { type: 'trap', title: 'Trap' },
  { type: 'later', title: 'Later' },
  { type: 'note', title: 'Note' },
]

interface AlertToken extends Tokens.Generic {
  readonly meta: { readonly variant: string; readonly title: string }
}

const aside: NonNullable<MarkedExtension['extensions']>[number] = {
  name: 'alert',
  renderer(token) {
    const { variant, title } = (token as AlertToken).meta
    const content = this.parser.parse(token.tokens ?? [])
    return `<div class="callout ${attribute(variant)}" role="note"><p class="callout-kind">${escape(title)}</p>\n${content}</div>\n`
  },
}
