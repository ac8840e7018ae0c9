import { writtenSequence, type WrittenStep } from '../../../grader/report/svg/index.ts'
import type { Exchange } from '../../../grader/types/index.ts'
import { alternativeTable, drawn } from '../../runs/picture.ts'
import { radio } from '../../ui/choices.ts'
import { html, type Html } from '../../ui/html.ts'
import { visible } from '../../ui/visible.ts'
import { playgroundPage, type ShownPlayground } from '../playground-page.ts'
import { recordedMessages } from '../recorded-messages.ts'
import { accountOf, fateOf, isLate } from './account.ts'
import { editors, type Editor } from './hours.ts'
import { stepsOf, type Step } from './steps.ts'

/** The playground of the two editors, before they open the document. */
export function editorsPage({ base, ...shown }: ShownPlayground): Html {
  return playgroundPage({
    name: 'two-editors',
    ...shown,
    scripts: ['two-editors.js'],
    styles: ['pictures.css', 'two-sides.css', 'two-editors.css'],
    intro: html`Ada and Ben edit the opening hours of the lamp shop. What they do, your browser really sends to a small server on this machine, which records every byte. Say what will become of the first one’s text, and let both open the page.`,
    body: html`<form id="choice" data-base="${base}">
<fieldset><legend>Each save sends</legend>${radio({ name: 'precondition', value: 'no', label: 'the text alone', checked: true })} ${radio({ name: 'precondition', value: 'yes', label: html`<code>If-Match</code>, too` })}</fieldset>
<fieldset class="prediction"><legend>Both save. The first text …</legend>${radio({ name: 'prediction', value: 'overwritten', label: 'is overwritten', required: true })} ${radio({ name: 'prediction', value: 'stays', label: 'stays', required: true })}</fieldset>
<p class="go"><button type="submit" class="primary" disabled>Both open the page</button></p>
</form>
<noscript><p class="error">The requests are made by a script of this page; without one there is nothing to see.</p></noscript>
<p id="say" role="status"></p>
<div id="editors" class="two-sides" hidden>${editors.map(editorView)}</div>
<section id="result" aria-label="What was saved" hidden></section>`,
  })
}

function editorView(editor: Editor): Html {
  const name = editor.toLowerCase()
  return html`<section aria-labelledby="name-${name}"><h2 id="name-${name}">${editor}’s page</h2>
<label for="text-${name}">Opening hours</label>
<textarea id="text-${name}" rows="2" maxlength="200" spellcheck="false" autocomplete="off"></textarea>
<p id="note-${name}" class="note"></p>
<button type="button" data-editor="${editor}">${editor} saves</button></section>`
}

/** What was recorded of one round, to be put into that page. */
export function roundRecord(exchanges: readonly Exchange[]): Html {
  const steps = stepsOf(exchanges)
  const picture = writtenSequence(steps.flatMap(drawnStep), {
    id: 'sequence',
    title: 'Ada, Ben and the lamp shop',
    parties: { client: 'Ada and Ben', server: 'lamp shop' },
  })
  return html`<div id="account" data-because="${accountOf(steps)}" data-fate="${fateOf(steps) ?? ''}"></div>
${
  steps.length > 0 &&
  html`<h2 id="history-title">What became of the texts</h2>
<ol id="history" aria-labelledby="history-title">${versionsOf(steps).map(versionView)}</ol>
${drawn(picture)}
${alternativeTable(picture.alternative, 'What was sent', { links: false })}
<details class="messages"><summary>Every message</summary>${steps.map(({ exchange }) => recordedMessages(exchange, tells))}</details>`
}`
}

interface Version {
  /** `Version 2, by Ada`, or what was refused. */
  readonly name: string
  readonly text: string
  readonly kind: 'stored' | 'lost' | 'refused'
  readonly remark: string
}

/** The versions in order, and in between what was not stored. */
function versionsOf(steps: readonly Step[]): Version[] {
  const versions: Version[] = [
    { name: 'Version 1', text: steps[0]!.text, kind: 'stored', remark: '' },
  ]
  for (const step of steps.filter(({ does }) => does === 'saves')) {
    const { editor, newest, stored, text } = step
    if (stored && isLate(step)) {
      const index = versions.findLastIndex(({ kind }) => kind !== 'refused')
      versions[index] = {
        ...versions[index]!,
        kind: 'lost',
        remark: `overwritten, and ${editor} never saw it`,
      }
    }
    versions.push(
      stored
        ? { name: `Version ${newest + 1}, by ${editor}`, text, kind: 'stored', remark: '' }
        : { name: `${editor}’s save`, text, kind: 'refused', remark: 'refused, not stored' },
    )
  }
  return versions
}

function versionView({ name, text, kind, remark }: Version): Html {
  return html`<li class="${kind}"><b>${name}</b> <span class="text">${text.split('\n').map(visible).join('\n')}</span>${remark !== '' && html` <span class="remark">${remark}</span>`}</li>`
}

function drawnStep({ editor, does, exchange: { request, response } }: Step): WrittenStep[] {
  return [
    {
      kind: 'request',
      title: `${request.method} ${request.path} · ${editor} ${does}`,
      headers: request.headers.filter(([name]) => name.toLowerCase() === 'if-match'),
    },
    {
      kind: 'response',
      title: `${response!.status} ${response!.reason}`,
      headers: response!.headers.filter(([name]) => name.toLowerCase() === 'etag'),
    },
  ]
}

/** The fields this is about. */
function tells(name: string): boolean {
  return /^(host|editor|if-match|etag|content-type|content-length)$/.test(name)
}
