import { sequencePicture } from '../../grader/report/svg/index.ts'
import type { Exchange, Printed } from '../../grader/types/index.ts'
import { alternativeTable, drawn } from '../runs/picture.ts'
import { html, type Html } from '../ui/html.ts'

export interface RecordedPicture {
  /** How the server is called: `the partner`. */
  readonly server: string
  /** The caption of the table below the drawing: `The request`. */
  readonly caption: string
  readonly printed?: readonly Printed[]
}

/**
 * Who said what to whom, as it was recorded between a reader's browser and a server: the drawing,
 * and the table that says the same. There has to be an exchange.
 */
export function recordedPicture(
  exchanges: readonly Exchange[],
  { server, caption, printed }: RecordedPicture,
): Html {
  const picture = sequencePicture(
    {
      scenario: `Your browser and ${server}`,
      recorded: {},
      exchanges,
      ...(printed && { printed }),
      log: '',
      exit: null,
      remarks: [],
    },
    {
      id: 'sequence',
      origin: exchanges[0]!.startedAt,
      parties: { client: 'your browser', server },
    },
  )
  return html`${drawn(picture)}
${alternativeTable(picture.alternative, caption, { links: false })}`
}
