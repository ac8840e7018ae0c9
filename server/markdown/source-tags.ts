import type { TokenizerAndRendererExtension } from 'marked'
import { attribute, escape } from './escape.ts'

/**
 * The inline tags that name where a claim comes from: `{{rfc 9110#9.3.2}}`, `{{6265bis 5.6}}`,
 * `{{fetch http-cors-protocol}}`, `{{mdn Web/HTTP/…}}` and `{{seen V10}}` (measured), or
 * `{{seen V10 Firefox 140}}` where another browser was measured as well. A tag nobody knows stays as
 * it was written, so that its author sees it.
 */
export const sourceTags: TokenizerAndRendererExtension = {
  name: 'sourceTag',
  level: 'inline',
  start: (source) => source.indexOf('{{'),
  tokenizer: (source) => {
    const found = /^\{\{([a-z0-9]+) ([^{}\n]+)\}\}/.exec(source)
    if (!found) return undefined
    const html = renderTag(found[1]!, found[2]!.trim())
    return html ? { type: 'sourceTag', raw: found[0], html } : undefined
  },
  renderer: (token) => token['html'] as string,
}

const draft6265bis = 'https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis-22'
/** What was measured is about Chromium, and these are about Node. */
const ofNode = new Set(['V33', 'V34', 'V35', 'V36', 'V37', 'V40'])
/** Measured again with the Chromium that comes with the course. */
const ofShippedChromium = new Set(
  'V6 V8 V9 V10 V11 V12 V13 V17 V20 V22 V26 V27 V29 V39 V41 V48 V50 V51 V52'.split(' '),
)

function renderTag(kind: string, reference: string): string | undefined {
  if (kind === 'rfc') return rfc(reference)
  if (kind === '6265bis') return draft(reference)
  if (kind === 'fetch') return fetchStandard(reference)
  if (kind === 'mdn') return mdn(reference)
  if (kind === 'seen') return seen(reference)
  return undefined
}

function rfc(reference: string): string | undefined {
  const found = /^(\d{3,5})(?:#([A-Za-z0-9.]+))?$/.exec(reference)
  if (!found) return undefined
  const [, number, section] = found
  const address = `https://www.rfc-editor.org/rfc/rfc${number}`
  if (!section) return link(address, `RFC ${number}`)
  return link(`${address}#section-${section}`, `RFC ${number} §${section}`)
}

function draft(reference: string): string | undefined {
  const section = reference.replace(/^#/, '')
  if (!/^[A-Za-z0-9.]+$/.test(section)) return undefined
  return link(`${draft6265bis}#section-${section}`, `RFC 6265bis draft §${section}`)
}

/** By the anchor of the place in the Fetch standard, which says in words what it is. */
function fetchStandard(reference: string): string | undefined {
  if (!/^[a-z][a-z0-9-]*$/.test(reference)) return undefined
  return link(
    `https://fetch.spec.whatwg.org/#${reference}`,
    `Fetch: ${reference.replaceAll('-', ' ').replace(/\b(?:cors|http)\b/g, (name) => name.toUpperCase())}`,
  )
}

function mdn(reference: string): string | undefined {
  if (!/^[\w./:-]+(#[\w.-]+)?$/.test(reference)) return undefined
  const path = reference.startsWith('Web/') ? reference : `Web/HTTP/${reference}`
  const subject = path.split('#')[0]!.split('/').at(-1)!.replaceAll('_', ' ')
  return link(`https://developer.mozilla.org/docs/${path}`, `MDN: ${subject}`)
}

function seen(reference: string): string | undefined {
  const [, fact, also] = /^(V\d+)(?: ([A-Z][a-z]+ \d+))?$/.exec(reference) ?? []
  if (fact === undefined) return undefined
  const chromium = ofShippedChromium.has(fact) ? 'Chromium 153' : 'Chromium 156'
  const first = ofNode.has(fact) ? 'Node 24' : chromium
  const measuredWith = also === undefined ? first : `${first}, ${also}`
  return `<span class="source measured" title="${attribute(`Measured for this course with ${measuredWith}: ${fact}`)}">measured: ${measuredWith}</span>`
}

function link(address: string, text: string): string {
  return `<a class="source" href="${attribute(address)}" rel="noreferrer">${escape(text)}</a>`
}
