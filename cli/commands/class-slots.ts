import { readSlots, type Slots } from '../../class/worker/slots.ts'
import { UsageError } from '../explain-error.ts'

/** How many gradings run at once, from ROUNDTRIP_SLOTS. @throws UsageError */
export function chosenSlots(environment = process.env): Slots {
  const text = environment['ROUNDTRIP_SLOTS']
  const slots = readSlots(text)
  if (slots) return slots
  throw new UsageError(
    `ROUNDTRIP_SLOTS is "${text}". It says how many gradings run at once: 2, or 2,8 for two and eight timed ones.`,
  )
}
