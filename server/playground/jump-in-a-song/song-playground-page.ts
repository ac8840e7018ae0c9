import { radio } from '../../ui/choices.ts'
import { html, type Html } from '../../ui/html.ts'
import { playgroundPage, type ShownPlayground } from '../playground-page.ts'
import { byteAt, song } from './song.ts'

/** The playground "Jump in a song", before a song was loaded. */
export function songPage({ base, ...shown }: ShownPlayground): Html {
  return playgroundPage({
    name: 'jump-in-a-song',
    ...shown,
    scripts: ['jump-in-a-song.js'],
    styles: ['jump-in-a-song.css'],
    intro: html`A server sends a song of five minutes, 9.6 MB. It does so slowly, as if the connection were bad. Load the song, jump, and watch which bytes your browser asks for.`,
    body: html`<form id="choice" data-base="${base}">
<fieldset><legend>The server</legend>${radio({ name: 'ranges', value: 'yes', label: 'answers Range with 206', checked: true })} ${radio({ name: 'ranges', value: 'no', label: 'ignores Range' })}</fieldset>
<p class="go"><button type="submit" class="primary" disabled>Load the song</button></p>
</form>
<noscript><p class="error">The song is played by a script of this page; without one there is nothing to see.</p></noscript>
<section id="player" aria-label="The song" data-seconds="${song.seconds}" data-bytes="${song.bytes}" data-begin="${byteAt(0)}" hidden>
<audio id="song" preload="metadata" muted></audio>
<p class="controls"><button type="button" id="play">Play</button> <label><input type="checkbox" id="sound"> <span>Sound</span></label> <span id="clock"></span></p>
<div class="map"><svg id="lanes" aria-hidden="true" width="100%"></svg><input type="range" id="jump" min="0" max="${song.seconds - 1}" value="0" step="1" aria-label="Jump to" disabled></div>
<div class="scale" aria-hidden="true">${SCALE.map((second) => html`<span>${second / 60}:00<br>${(byteAt(second) / 1_000_000).toFixed(1)} MB</span>`)}</div>
<p class="legend"><i class="asked"></i> asked for <i class="sent"></i> sent <i class="head"></i> where it plays. Each request has a row, the newest at the bottom.</p>
</section>
<p id="say" role="status"></p>
<section id="requests" aria-label="Requests for the song" hidden>
<div class="scroll" role="group" aria-label="Requests for the song" tabindex="0"><table>
<thead><tr><th scope="col">Asked for</th><th scope="col">Answer</th><th scope="col">Sent</th><th scope="col">State</th></tr></thead>
<tbody id="rows"></tbody>
</table></div>
</section>`,
  })
}

const SCALE = [0, 60, 120, 180, 240, 300]
