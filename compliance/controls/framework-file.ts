import { z } from 'zod'
import { DAY_MS, MINUTE_MS } from '../../core/clock.ts'
import { duration, parsed } from '../../core/config/schema.ts'
import { pillars } from '../../core/labels/compliance.ts'
import { type Observer, observers } from '../../core/zero-trust.ts'
import { evidenceSchema } from '../evidence/registry.ts'

/** Which way a threshold limits a value. */
export const bounds = ['at_most', 'at_least'] as const
export type Bound = (typeof bounds)[number]

/** Baselines of NIST SP 800-53B. */
export const baselines = ['low', 'moderate', 'high'] as const

const observerNames = Object.keys(observers) as Observer[]

const form = (pattern: RegExp, expects: string) =>
  parsed({ expects, placeholder: '<text>' }, value => (pattern.test(value) ? value : undefined))

/** Shown on pages, in titles of OSCAL and in table cells. */
const line = () =>
  form(
    /^[^\p{Cc}\p{Zl}\p{Zp}]{1,2000}$/u,
    'text on one line, of at most 2,000 characters (>- in place of > or | joins lines)',
  )

const lowerId = () =>
  form(/^[a-z0-9][a-z0-9._-]{0,63}$/, 'an id of small letters, digits, dots, - and _, such as failures-bounded')

/** Tokens of OSCAL, besides parentheses, which NIST writes in the ids of enhancements. */
const controlId = () =>
  form(/^[A-Za-z0-9][A-Za-z0-9._()-]{0,63}$/, 'an id without spaces, such as AC-7, SC-7(5) or identity.authentication')

const finite = () => z.number().meta({ expects: 'a number', placeholder: '<number>' })

const share = () =>
  z.number().min(0).max(1).meta({ expects: 'a share from 0 to 1, such as 0.95', placeholder: '<share>' })

const replaces = () =>
  line()
    .exactOptional()
    .describe(
      'With `extends`, why it replaces the entry of the same id. Without this key, an id that exists is refused.',
    )

const testSchema = z
  .strictObject({
    id: lowerId().describe('Its id, unique in the control.'),
    title: line().describe('What is measured, a phrase: `Failed sign-ins of the period`.'),
    evidence: evidenceSchema.describe('What is measured, by the kind of evidence in `from`.'),
    at_most: finite().exactOptional().describe('The value passes up to this number.'),
    at_least: finite().exactOptional().describe('The value passes from this number.'),
    parameter: lowerId().exactOptional().describe('Id of the parameter that is the threshold.'),
    freshness: duration(MINUTE_MS, 400 * DAY_MS)
      .exactOptional()
      .describe('How old the newest datum may be at the end of the period. Required where `telemetry` is empty.'),
    telemetry: z
      .array(z.enum(observerNames))
      .describe(
        'Observers without which the value proves nothing: none may have been missing for longer than `telemetry_share` allows. Empty only for what clawtrust reports of itself.',
      ),
    telemetry_share: share()
      .prefault(0.95)
      .describe('Share of the period in which each observer must have been there.'),
  })
  .superRefine(refuseWithoutThreshold)
  .superRefine(refuseWithoutTime)

const parameterSchema = z.strictObject({
  id: lowerId().describe('Its id; of SP 800-53 that of NIST, such as `ac-07_odp.01`.'),
  title: line().describe('What your organization defines, a phrase.'),
  value: finite().describe('The value, in the unit of the tests that use it.'),
  bound: z.enum(bounds).prefault('at_most').describe('Whether values pass up to it or from it.'),
  replaces: replaces(),
})

const controlSchema = z
  .strictObject({
    id: controlId().describe('As the framework names it: `AC-7`.'),
    title: line().describe('As the framework titles it.'),
    pillar: z.enum(pillars).describe('Pillar or cross-cutting capability of the CISA Zero Trust Maturity Model.'),
    baselines: z
      .array(z.enum(baselines))
      .exactOptional()
      .describe('Baselines of SP 800-53B that have it; empty if none has it.'),
    objectives: z
      .array(form(/^[A-Za-z_][A-Za-z0-9._-]{0,99}$/, 'the id of an objective, such as ac-7_obj.a'))
      .prefault([])
      .describe('Ids of the assessment objectives to which the tests speak, for OSCAL.'),
    cannot_prove: z.array(line()).prefault([]).describe('What the evidence cannot prove; each a clause.'),
    remedy: line().exactOptional().describe('What to do first where it fails or is unknown.'),
    manual: line()
      .exactOptional()
      .describe('What a person has to look at. In place of tests: the status is then always MANUAL.'),
    tests: z.array(testSchema).prefault([]).describe('Tests, all of which must pass.'),
    replaces: replaces(),
  })
  .superRefine(refuseUntestable)

/** One file of the catalogue: a framework, or an addition to one. */
export const frameworkFileSchema = z
  .strictObject({
    framework: z
      .strictObject({
        id: lowerId().describe('Its id, unique among all files.'),
        title: line().describe('Its title.'),
        version: line().describe('Its version or date.'),
        source: form(/^https:\/\/[^\s]{1,500}$/, 'an address that begins with https://').describe(
          'Where its text is published.',
        ),
      })
      .exactOptional()
      .describe('The framework that this file defines. A file has this key or `extends`.'),
    extends: lowerId().exactOptional().describe('Id of the framework to which this file adds, of a file before it.'),
    parameters: z.array(parameterSchema).prefault([]).describe('Values that your organization defines.'),
    controls: z.array(controlSchema).prefault([]).describe('Controls, in the order of the report.'),
  })
  .superRefine(({ framework, extends: base }, context) => {
    if (framework === undefined && base === undefined) {
      complain(
        context,
        'framework',
        'is missing; describe a framework, or name by extends the one to which this file adds',
      )
    }
    if (framework !== undefined && base !== undefined) {
      complain(context, 'extends', 'conflicts with framework; remove one of the two')
    }
  })

export type FrameworkFile = z.output<typeof frameworkFileSchema>
export type FileControl = z.output<typeof controlSchema>
export type FileTest = z.output<typeof testSchema>
export type FileParameter = z.output<typeof parameterSchema>

function complain(context: z.core.$RefinementCtx, key: string, message: string): void {
  context.addIssue({ code: 'custom', path: [key], message })
}

function refuseWithoutThreshold(test: Readonly<Record<string, unknown>>, context: z.core.$RefinementCtx): void {
  const [first, second] = ['at_most', 'at_least', 'parameter'].filter(key => test[key] !== undefined)
  if (first === undefined) {
    complain(context, 'at_most', 'is missing; a test needs a threshold: at_most, at_least, or a parameter')
  }
  if (second !== undefined) complain(context, second, `conflicts with ${first}; remove one of the two`)
}

/** Without either, a store that ended months ago would pass every test that counts something bad. */
function refuseWithoutTime(
  { freshness, telemetry }: { freshness?: number; telemetry: readonly unknown[] },
  context: z.core.$RefinementCtx,
): void {
  if (freshness !== undefined || telemetry.length > 0) return
  complain(
    context,
    'freshness',
    'is missing; without an observer in telemetry, only the age of the newest datum shows that data arrived',
  )
}

function refuseUntestable(
  { tests, manual }: { tests: readonly unknown[]; manual?: string },
  context: z.core.$RefinementCtx,
): void {
  if (tests.length === 0 && manual === undefined) {
    complain(context, 'tests', 'is missing; a control needs tests, or manual: what a person has to look at')
  }
  if (tests.length > 0 && manual !== undefined) {
    complain(context, 'manual', 'conflicts with tests; write what the tests leave open under cannot_prove')
  }
}
