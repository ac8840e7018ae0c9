import { count } from '../../../course/count.ts'
import {
  CAPACITY,
  CLIENTS,
  playHerd,
  settingsWith,
  type HerdRun,
  type Setting,
} from './herd-model.ts'

export type Kind = keyof typeof kinds

/** The four ways to wait, by what a reader can predict. */
export const kinds = {
  equal: 'equal waits',
  'equal-jitter': 'equal waits with jitter',
  doubling: 'doubling waits',
  'doubling-jitter': 'doubling waits with jitter',
} as const

/** What a setting did, in numbers. Seconds since the failure. */
export function whatHappened(run: HerdRun): string {
  const { served, lastServedAt, gaveUp, lastGaveUpAt, peak } = run
  if (lastServedAt === null)
    return `All ${CLIENTS} clients gave up before the server was back, the last at ${second(lastGaveUpAt!)}.`
  const who =
    served === CLIENTS
      ? `All ${CLIENTS} clients were`
      : `${served} of ${CLIENTS} clients ${served === 1 ? 'was' : 'were'}`
  const when = served === 1 ? `at ${second(lastServedAt)}` : `the last at ${second(lastServedAt)}`
  const rest = gaveUp === 0 ? 'nobody gave up' : `${gaveUp} gave up`
  return `${who} served, ${when}, and ${rest}. Once the server was back, the peak was ${count(peak, 'request')} in a quarter of a second, and the server can serve ${CAPACITY}.`
}

/** Why that came about, and which change would help. */
export function whatHelps(run: HerdRun): string {
  const { wait, jitter } = run.setting
  const early = run.gaveUpEarly > 0
  if (early && isOverloaded(run))
    return `${tooFew(run)} For the others, a second at most is too short a wait, so too many came at once. Doubling waits help against both.`
  if (early)
    return `${tooFew(run)} More tries help${wait === 'equal' ? ', and so do doubling waits' : ''}.`
  if (!isOverloaded(run))
    return 'Jitter spreads the clients, and the long waits give them room. So there is no herd, and nothing has to change.'
  if (jitter)
    return 'A second at most is too short a wait, so too many came at once. Doubling waits help.'
  return wait === 'equal'
    ? 'The clients failed together and waited equally long, so they came back together, again and again. Jitter spreads them.'
    : 'Doubling makes the waits longer, but equally long for everybody. So the clients still came back together, and jitter is what spreads them.'
}

/** For whom the tries were not enough. */
function tooFew({ gaveUp, gaveUpEarly, setting: { jitter } }: HerdRun): string {
  const why = jitter ? ', because jitter halves the waits on average' : ''
  if (gaveUpEarly === CLIENTS) return `Their tries were over too soon${why}.`
  const whom =
    gaveUpEarly < gaveUp
      ? `${gaveUpEarly} of these`
      : gaveUp === 1
        ? 'the one that gave up'
        : 'those that gave up'
  return `For ${whom}, the tries were over before the server was back${why}.`
}

/** What a run says about a prediction: `open` when it was of another setting. */
export interface Ruling {
  readonly answer: 'right' | 'wrong' | 'open'
  readonly say: string
}

/**
 * Whether the run's setting, which somebody predicted, is the one that serves everybody soonest
 * without a peak above what the server can do. With any number of tries, one setting can at most.
 */
export function rulingOn(predicted: Kind, run: HerdRun): Ruling {
  const { setting, gaveUp } = run
  const kind = kindOf(setting)
  if (kind !== predicted)
    return { answer: 'open', say: `These were ${kinds[kind]}. You predicted ${kinds[predicted]}.` }
  if (isAble(run))
    return {
      answer: 'right',
      say: `You were right. With ${setting.tries} tries, none of the other three does that.`,
    }
  const faults = [
    ...(gaveUp > 0 ? [`${count(gaveUp, 'client')} gave up`] : []),
    ...(isOverloaded(run) ? ['the peak was above what the server can do'] : []),
  ]
  const fault = faults.join(', and ')
  return {
    answer: 'wrong',
    say: settingsWith(setting.tries).some((other) => isAble(playHerd(other)))
      ? `Not quite: ${fault}. Another setting does better.`
      : `Not with ${setting.tries} tries: ${fault}. None of the four serves everybody with so few.`,
  }
}

export function kindOf({ wait, jitter }: Pick<Setting, 'wait' | 'jitter'>): Kind {
  return jitter ? `${wait}-jitter` : wait
}

/** A setting and what came of it, for a row of a table. */
export function rowOf({ setting, peak, lastServedAt, gaveUp }: HerdRun): string[] {
  return [
    `${kinds[kindOf(setting)]}, ${setting.tries} tries`,
    String(peak),
    lastServedAt === null ? 'never' : `${inSeconds(lastServedAt)} s`,
    String(gaveUp),
  ]
}

/** Whether it serves everybody without a peak above what the server can do. */
function isAble(run: HerdRun): boolean {
  return run.gaveUp === 0 && !isOverloaded(run)
}

function isOverloaded({ peak }: HerdRun): boolean {
  return peak > CAPACITY
}

function second(ms: number): string {
  return `second ${inSeconds(ms)}`
}

function inSeconds(ms: number): string {
  return (ms / 1000).toFixed(1)
}
