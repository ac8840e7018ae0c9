import { asset } from '../assets.ts'
import { cookieName } from '../playground/cookie-line.ts'
import { html, type Html } from './html.ts'
import { layout, type Site } from './layout.ts'
import { visible } from './visible.ts'

/** In the course: what the playground is, and the way to it. */
export function playgroundDoor({ site, address }: { site: Site; address: string }): Html {
  const body = html`<div class="notice-page">
<h1>Cookie playground</h1>
<p>Choose what a Set-Cookie line says, then watch fifteen seconds of real requests: which of them carry the cookie, and what a script of the page sees of it.</p>
<p>The playground is a server of its own on <code>127.0.0.1</code>, and has to be opened in a tab of its own: inside this page, which is on <code>localhost</code>, it would be another site, and your browser would keep its cookies out.</p>
<p><a class="button primary" href="${address}" target="_blank" rel="noopener noreferrer">Open the playground</a></p>
</div>`
  return layout({ title: 'Cookie playground', site, kind: 'message', body })
}

/** The playground itself. */
export function playgroundPage({ base, elsewhere }: { base: string; elsewhere: string }): Html {
  return page('Cookie playground', html`<h1>Cookie playground</h1>
<p>This page is at <code>127.0.0.1</code>. Its server sets one cookie, <code>${cookieName}</code>, the way you choose; then the page asks for <code>${base}account</code> and <code>${base}shop</code> once a second, for 15 seconds.</p>
<form id="choice" data-base="${base}">
<fieldset><legend>Max-Age</legend><label>Seconds, or nothing for a cookie of this session <input name="maxAge" type="number" min="0" max="60" step="1" value="10" inputmode="numeric"></label></fieldset>
<fieldset><legend>Path</legend>
${radio('path', 'all', html`<code>${base}</code>, everything here`, true)}
${radio('path', 'account', html`<code>${base}account</code> alone`)}
${radio('path', 'unsaid', 'not said: the folder of the address that set it')}</fieldset>
<fieldset><legend>SameSite</legend>
${radio('sameSite', 'unsaid', 'not said')} ${radio('sameSite', 'Strict', 'Strict')} ${radio('sameSite', 'Lax', 'Lax', true)} ${radio('sameSite', 'None', 'None')}</fieldset>
<fieldset><legend>More</legend>${box('httpOnly', 'HttpOnly')} ${box('secure', 'Secure')}</fieldset>
<p><button type="submit" class="primary">Set it and watch</button></p>
</form>
<noscript><p class="error">The requests are made by a script of this page; without one there is nothing to watch.</p></noscript>
<section id="watch" aria-labelledby="watch-title" hidden>
<h2 id="watch-title">What happened</h2>
<p>The server sent:</p>
<pre class="recorded" id="line" tabindex="0"></pre>
<p id="say" role="status"></p>
<div class="scroll" role="group" aria-label="Requests" tabindex="0"><table>
<thead><tr><th scope="col">Time</th><th scope="col"><code>account</code> got</th><th scope="col"><code>shop</code> got</th><th scope="col"><code>document.cookie</code></th></tr></thead>
<tbody id="rows"></tbody>
</table></div>
<p class="because">Cookies know no ports: what another program on <code>127.0.0.1</code> set for the whole host comes along here, and is shown.</p>
</section>
<section aria-labelledby="elsewhere-title"><h2 id="elsewhere-title">And from another site?</h2>
<p>SameSite is about requests that another site causes, which this page cannot make. <code>localhost</code> is another site than <code>127.0.0.1</code>, though both are this machine: set a cookie, then <a href="${elsewhere}" target="_blank" rel="noreferrer">go there</a> and follow the link back.</p></section>`, 'playground.js')
}

/** Another site: a link that leads back. */
export function elsewherePage(target: string): Html {
  return page('Another site', html`<h1>This is another site</h1>
<p>You are at <code>localhost</code>. Following the link below is a request to <code>127.0.0.1</code> that another site causes.</p>
<p><a class="button" href="${target}">Follow a link to the playground</a></p>
<p class="because">Lax goes along with a link, Strict does not.</p>`)
}

/** What the request that led here carried. */
export function arrivalPage({ base, cookie, site, method }: { base: string; cookie: string | undefined; site: string | undefined; method: string }): Html {
  return page('Arrived', html`<h1>Arrived</h1>
<p>The ${method} that brought you here carried:</p>
<pre class="recorded" tabindex="0"><code>${cookie === undefined ? '(no Cookie field)' : `Cookie: ${visible(cookie)}`}${site !== undefined && `\nSec-Fetch-Site: ${visible(site)}`}</code></pre>
<p>Reload this page, and the request is no longer another site’s doing.</p>
<p><a href="${base}">To the playground</a></p>`)
}

/** A document of the playground's origin: nothing of the course is there. */
function page(title: string, body: Html, script?: 'playground.js'): Html {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>${title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="${asset('icon.svg')}">
<link rel="stylesheet" href="${asset('style.css')}">
<link rel="stylesheet" href="${asset('work.css')}">
${script && html`<script type="module" src="${asset(script)}"></script>`}
</head>
<body class="playground">
<main id="main"><div class="playground-page">
${body}
</div></main>
</body>
</html>
`
}

function radio(name: string, value: string, label: Html | string, checked = false): Html {
  return html`<label><input type="radio" name="${name}" value="${value}"${checked && html` checked`}> <span>${label}</span></label>`
}

function box(name: string, label: string): Html {
  return html`<label><input type="checkbox" name="${name}"> ${label}</label>`
}
