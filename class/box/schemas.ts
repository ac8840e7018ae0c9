import * as z from 'zod'
import type {
  CheckResult,
  Diagnosis,
  Exhibit,
  Finding,
  GradeEvent,
  MarkedLine,
  Report,
} from '../../grader/index.ts'

/** What comes out of a box is text of a stranger until it has passed these. */

const markedLine = z.object({
  text: z.string(),
  mark: z.exactOptional(z.tuple([z.number(), z.number()])),
}) satisfies z.ZodType<MarkedLine>

const exhibit = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('message'),
    exchange: z.number(),
    side: z.enum(['request', 'response']),
    summary: z.string(),
    lines: z.array(markedLine),
  }),
  z.object({
    kind: z.literal('cookie-chart'),
    label: z.string(),
    seconds: z.number(),
    samples: z.array(z.object({ at: z.number(), sent: z.boolean(), exchange: z.number() })),
    expiry: z.nullable(z.number()),
  }),
  z.object({
    kind: z.literal('table'),
    title: z.string(),
    columns: z.array(z.string()),
    rows: z.array(z.array(z.string())),
  }),
  z.object({ kind: z.literal('text'), title: z.string(), lines: z.array(markedLine) }),
]) satisfies z.ZodType<Exhibit>
const cookieChart = exhibit.options[1]

const finding = z.object({
  claim: z.string(),
  expected: z.string(),
  received: z.string(),
  holds: z.boolean(),
  exhibit: z.exactOptional(exhibit),
}) satisfies z.ZodType<Finding>

const diagnosis = z.object({
  id: z.string(),
  say: z.string(),
  exchange: z.exactOptional(z.number()),
  crash: z.exactOptional(z.string()),
}) satisfies z.ZodType<Diagnosis>

const checkResult = z.object({
  id: z.string(),
  title: z.string(),
  outcome: z.enum(['passed', 'failed', 'skipped', 'errored']),
  findings: z.array(finding),
  exhibits: z.array(exhibit),
  diagnosis: z.exactOptional(diagnosis),
  failedOn: z.exactOptional(z.number()),
  needs: z.exactOptional(z.string()),
  reason: z.exactOptional(z.string()),
  error: z.exactOptional(z.string()),
  reproduce: z.array(z.string()),
  reread: z.exactOptional(
    z.object({
      lesson: z.string(),
      lessonTitle: z.string(),
      anchor: z.string(),
      heading: z.string(),
    }),
  ),
  spec: z.exactOptional(z.string()),
  atMs: z.number(),
}) satisfies z.ZodType<CheckResult>

export const report = z.object({
  exercise: z.string(),
  title: z.string(),
  verdict: z.enum(['passed', 'failed', 'errored']),
  checks: z.array(checkResult),
  startedAt: z.iso.datetime(),
  durationMs: z.number(),
  run: z.string().regex(/^[\da-f]{1,64}$/),
  program: z.string(),
  byHand: z.exactOptional(z.object({ start: z.nullable(z.string()), address: z.string() })),
  notes: z.array(z.string()),
  error: z.exactOptional(z.string()),
}) satisfies z.ZodType<Report>

/** What a box says while it grades: all events but the last, which the report itself is. */
export const event = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('started'),
    run: z.string(),
    exercise: z.string(),
    title: z.string(),
    program: z.string(),
    checks: z.array(z.object({ id: z.string(), title: z.string() })),
  }),
  z.object({
    type: z.literal('preparing'),
    text: z.string(),
    fraction: z.exactOptional(z.number()),
  }),
  z.object({ type: z.literal('ready'), ms: z.number() }),
  z.object({
    type: z.literal('exchange'),
    scenario: z.string(),
    exchange: z.number(),
    summary: z.string(),
    at: z.number(),
  }),
  z.object({
    type: z.literal('progress'),
    scenario: z.string(),
    done: z.number(),
    total: z.number(),
    unit: z.string(),
    chart: z.exactOptional(cookieChart),
  }),
  z.object({ type: z.literal('repeated'), scenario: z.string(), reason: z.string() }),
  z.object({ type: z.literal('check'), result: checkResult }),
]) satisfies z.ZodType<GradeEvent>
