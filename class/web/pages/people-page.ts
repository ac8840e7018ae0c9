import { count, html, moment, tokenField, type Html, type Site } from '../../../server/for-class.ts'
import type { Person } from '../../people/roster.ts'
import { classPage } from './class-layout.ts'

export interface PeoplePage {
  readonly site: Site
  readonly people: readonly Person[]
  readonly notice?: string | undefined
}

/** Everybody of the class, and the list that adds people. */
export function peoplePage({ site, people, notice }: PeoplePage): Html {
  return classPage({
    title: 'People',
    site,
    tab: '/class/people',
    notice,
    body: html`<form method="post" action="/class/people" class="add-people">${tokenField(site)}
<label for="names">Names, one a line</label>
<p class="hint" id="names-hint">Paste them from a spreadsheet: in a second column your own identifiers, by which the CSV for Canvas finds them. CSV with the columns <code>name</code> and <code>id</code> works, too.</p>
<textarea id="names" name="names" rows="6" required aria-describedby="names-hint" spellcheck="false"></textarea>
<button class="primary" type="submit">Add, and show their cards</button>
</form>
<h2>${count(people.length, 'person', 'people')}</h2>
<div class="wide" role="region" aria-label="Everybody of the class" tabindex="0"><table>
<thead><tr><th scope="col">Name</th><th scope="col">Identifier</th><th scope="col">First came in</th><th scope="col">Code</th><th scope="col"><span class="sr-only">What you can do</span></th></tr></thead>
<tbody>${people.map((person) => row(person, site))}</tbody>
</table></div>`,
  })
}

function row(person: Person, site: Site): Html {
  const { id, name, rosterId, role, hasCode, firstLoginAt } = person
  const action = (what: string, label: string) =>
    html`<form method="post" action="/class/people/${id}/${what}">${tokenField(site)}<button type="submit">${label}<span class="sr-only"> for <bdi>${name}</bdi></span></button></form>`
  return html`<tr><th scope="row"><a href="/class/people/${id}"><bdi>${name}</bdi></a>${role === 'teacher' && html` <span class="role">teacher</span>`}</th>
<td>${rosterId ?? ''}</td>
<td>${firstLoginAt === null ? 'not yet' : moment(firstLoginAt)}</td>
<td>${hasCode ? 'issued' : 'none'}</td>
<td class="actions">${action('code', 'New code')}${hasCode && action('revoke', 'Revoke code')}</td></tr>
`
}
