import {
  namedPlayground,
  playgrounds,
  type PlaygroundName,
} from '../../course/lessons/playgrounds.ts'
import { escape } from './escape.ts'

/**
 * A fenced `playground` block: its words, a link to the page it has of its own, and the place in
 * which a lesson's script shows that page.
 */
export function renderPlayground(
  info: string,
  text: string,
  onPlayground: (name: PlaygroundName) => void,
): string {
  const name = namedPlayground(info)
  if (!name) return ''
  onPlayground(name)
  const words = text
    .trim()
    .split(/\n\s*\n/)
    .map((paragraph) => `<p>${inlineCode(paragraph)}</p>`)
  return `<figure class="embed" id="playground-${name}" data-playground="${name}"><figcaption><a href="/playground/${name}">${escape(playgrounds[name].title)}</a></figcaption>
${words.join('\n')}
<div class="embed-frame"></div></figure>
`
}

function inlineCode(paragraph: string): string {
  return escape(paragraph).replace(/`([^`]+)`/g, '<code>$1</code>')
}
