import { cookieName } from './cookie-line.ts'
import { box, radio } from '../../ui/choices.ts'
import { html, type Html } from '../../ui/html.ts'
import { playgroundDocument } from '../playground-document.ts'
import { playgroundPage, type ShownPlayground } from '../playground-page.ts'
import { visible } from '../../ui/visible.ts'

interface CookiePage extends ShownPlayground {
  /** Where the door from another site is. */
  readonly elsewhere: string
}

/** The playground itself. */
export function cookiePage({ base, elsewhere, ...shown }: CookiePage): Html {
  return playgroundPage({
    name: 'cookies',
    ...shown,
    scripts: ['playground.js'],
    intro: html`This page is at <code>localhost</code>. Its server sets one cookie, <code>${cookieName}</code>, the way you choose; then the page asks for <code>${base}account</code> and <code>${base}shop</code> once a second, for 15 seconds.`,
    body: html`<form id="choice" data-base="${base}">
<fieldset><legend>Max-Age</legend><label><input name="maxAge" type="number" min="0" max="60" step="1" value="10" inputmode="numeric"> seconds, or empty</label></fieldset>
<fieldset><legend>Path</legend>
${radio({ name: 'path', value: 'all', label: 'everything here', checked: true })} ${radio({ name: 'path', value: 'account', label: html`<code>…/account</code> alone` })} ${radio({ name: 'path', value: 'unsaid', label: 'not said' })}</fieldset>
<fieldset><legend>SameSite</legend>
${radio({ name: 'sameSite', value: 'unsaid', label: 'not said' })} ${radio({ name: 'sameSite', value: 'Strict', label: 'Strict' })} ${radio({ name: 'sameSite', value: 'Lax', label: 'Lax', checked: true })} ${radio({ name: 'sameSite', value: 'None', label: 'None' })}</fieldset>
<fieldset><legend>More</legend>${box('httpOnly', 'HttpOnly')} ${box('secure', 'Secure')}</fieldset>
<p class="go"><button type="submit" class="primary" disabled>Set it and watch</button></p>
</form>
<noscript><p class="error">The requests are made by a script of this page; without one there is nothing to watch.</p></noscript>
<section id="watch" aria-labelledby="watch-title" hidden>
<h2 id="watch-title" class="sr-only">What happened</h2>
<pre class="recorded" id="line" tabindex="0" aria-label="What the server sent"></pre>
<div class="strip" id="strip" aria-hidden="true"></div>
<p id="say" role="status"></p>
<details${!shown.framed && html` open`}><summary>Every request</summary>
<div class="scroll" role="group" aria-label="Requests" tabindex="0"><table>
<thead><tr><th scope="col">Time</th><th scope="col"><code>account</code> got</th><th scope="col"><code>shop</code> got</th><th scope="col"><code>document.cookie</code></th></tr></thead>
<tbody id="rows"></tbody>
</table></div></details>
</section>
<section class="elsewhere" aria-labelledby="elsewhere-title"><h2 id="elsewhere-title">And from another site?</h2>
<p>SameSite is about requests that another site causes. <code>127.0.0.1</code> is another site than <code>localhost</code>, though both are this machine: set a cookie, then <a href="${elsewhere}" target="_blank" rel="noreferrer">go there</a> and follow the link back.</p></section>
${!shown.framed && html`<p class="because">Cookies know no ports. What the course and other programs set for all of <code>localhost</code> comes along with these requests, too; it is left out here.</p>`}`,
  })
}

/** Another site: a link that leads back. */
export function elsewherePage(target: string): Html {
  return playgroundDocument({
    title: 'Another site',
    body: html`<h1>This is another site</h1>
<p>You are at <code>127.0.0.1</code>. Following the link below is a request to <code>localhost</code> that another site causes.</p>
<p><a class="button" href="${target}">Follow a link to the playground</a></p>
<p class="because">Lax goes along with a link, Strict does not.</p>`,
  })
}

/** What the request that led here carried. */
export function arrivalPage({
  base,
  cookie,
  site,
  method,
}: {
  base: string
  cookie: string | undefined
  site: string | undefined
  method: string
}): Html {
  return playgroundDocument({
    title: 'Arrived',
    body: html`<h1>Arrived</h1>
<p>The ${method} that brought you here carried:</p>
<pre class="recorded" tabindex="0"><code>${cookie === undefined ? '(no Cookie field)' : `Cookie: ${visible(cookie)}`}${site !== undefined && `\nSec-Fetch-Site: ${visible(site)}`}</code></pre>
<p>Now <a href="${base}account/arrive">ask for this page from here</a>: that request comes from this site, and a Strict cookie goes along. A reload is another matter: engines differ in whether they repeat the request as it was, from another site. The lines above say what yours did.</p>
<p><a href="${base}">To the playground</a></p>`,
  })
}
