import { html, raw, type Html } from './html.ts'

export type IconName = keyof typeof shapes

/**
 * A small picture beside words that say the same. Told apart by shape, coloured by its
 * surroundings.
 */
export function icon(name: IconName): Html {
  return html`<svg class="icon ${name}" viewBox="0 0 16 16" aria-hidden="true">${raw(shapes[name])}</svg>`
}

const ring = '<circle cx="8" cy="8" r="6.25" fill="none" stroke="currentColor" stroke-width="1.5"/>'
const disc = '<circle cx="8" cy="8" r="7" fill="currentColor"/>'
const stroke = (d: string) =>
  `<path d="${d}" fill="none" stroke="currentColor" stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round"/>`
const cut = (d: string) =>
  `<path class="cut" d="${d}" fill="none" stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round"/>`

const shapes = {
  passed: disc + cut('m4.75 8.25 2.25 2.25 4.25-4.75'),
  failed: ring + stroke('m5.75 5.75 4.5 4.5m0-4.5-4.5 4.5'),
  skipped: ring + stroke('M5.25 8h5.5'),
  errored: stroke('M8 2 14.5 13.5h-13Z M8 6.25v3.25 M8 11.4v.1'),
  waiting:
    '<circle cx="8" cy="8" r="6.25" fill="none" stroke="currentColor" stroke-width="1.5" stroke-dasharray="2.4 2.51"/>',
  running: stroke('M8 1.75a6.25 6.25 0 1 1-6.25 6.25'),
  new: ring,
  reading: `${ring}<path d="M8 3.75a4.25 4.25 0 0 1 0 8.5Z" fill="currentColor"/>`,
  done: disc + cut('m4.75 8.25 2.25 2.25 4.25-4.75'),
  system: `${ring}<path d="M8 1.75a6.25 6.25 0 0 1 0 12.5Z" fill="currentColor"/>`,
  light: `<circle cx="8" cy="8" r="3" fill="currentColor"/>${stroke('M8 1.25v1M8 13.75v1M1.25 8h1M13.75 8h1M3.25 3.25l.7.7M12.05 12.05l.7.7M12.75 3.25l-.7.7M3.95 12.05l-.7.7')}`,
  dark: stroke('M13.5 9.75A6 6 0 0 1 6.25 2.5a6 6 0 1 0 7.25 7.25Z'),
  search: stroke('M7 2.25a4.75 4.75 0 1 0 0 9.5 4.75 4.75 0 0 0 0-9.5ZM10.5 10.5l3.5 3.5'),
  lesson: stroke('M3 2.5h7.5l2.5 2.5v8.5H3zM5.5 7h5M5.5 10h5'),
  exercise: stroke('m5 5-3 3 3 3M11 5l3 3-3 3M9 3.5 7 12.5'),
  next: stroke('M3 8h10M9 4l4 4-4 4'),
  previous: stroke('M13 8H3m4-4L3 8l4 4'),
}
