import { playgrounds, type PlaygroundName } from '../../course/lessons/playgrounds.ts'
import { html, type Html } from '../ui/html.ts'
import type { Theme } from '../ui/theme.ts'
import { playgroundDocument, type PlaygroundDocument } from './playground-document.ts'

/** How the page of a playground is shown to one reader. */
export interface ShownPlayground {
  /** The path that all of the playground lies below. */
  readonly base: string
  /** Whether a lesson shows it in a frame, which says around it what it is. */
  readonly framed: boolean
  readonly theme: Theme
}

interface PlaygroundPage extends Omit<PlaygroundDocument, 'title'> {
  readonly name: PlaygroundName
  readonly framed: boolean
  /** What one does here, for whom no lesson has said it. */
  readonly intro?: Html
}

/** The page of a playground: its name, what one does here, and what is tried out. */
export function playgroundPage({ name, intro, body, ...rest }: PlaygroundPage): Html {
  const { title } = playgrounds[name]
  return playgroundDocument({
    ...rest,
    title,
    body: html`<h1${rest.framed && html` class="sr-only"`}>${title}</h1>
${!rest.framed && intro && html`<p>${intro}</p>`}
${body}`,
  })
}
