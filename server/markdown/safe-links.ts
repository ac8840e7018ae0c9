import type { MarkedExtension } from 'marked'
import { attribute, escape } from './escape.ts'

/**
 * Links to this course or to the web, nothing else: no `javascript:`, no `data:`. Links that leave
 * send no Referer. A picture becomes a link, because no page of a course loads anything from
 * another machine.
 */
export const safeLinks: MarkedExtension = {
  renderer: {
    link({ href, title, tokens }) {
      const text = this.parser.parseInline(tokens)
      const hint = title ? ` title="${attribute(title)}"` : ''
      if (isOwn(href)) return `<a href="${attribute(href)}"${hint}>${text}</a>`
      if (isWeb(href)) return `<a href="${attribute(href)}"${hint} rel="noreferrer">${text}</a>`
      return text
    },
    image({ href, text }) {
      const name = escape(text || href)
      return isOwn(href) || isWeb(href)
        ? `<a href="${attribute(href)}" rel="noreferrer">${name}</a>`
        : name
    },
  },
}

function isOwn(href: string): boolean {
  return href.startsWith('#') || /^\/(?![/\\])/.test(href)
}

function isWeb(href: string): boolean {
  return /^https?:\/\//i.test(href) && URL.canParse(href)
}
