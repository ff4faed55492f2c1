import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { escapes } from './escape.ts'
import { type TemplateName, templateNames } from './names.ts'

const limitSchema = z.strictObject({
  /** The longest text that the receiver accepts, in UTF-16 code units. */
  characters: z.int().positive(),
  /** `many`: the template may contain line breaks; its values never do. */
  lines: z.enum(['one', 'many']).default('one'),
})

export type TextLimit = z.output<typeof limitSchema>

const bodySchema = z.strictObject({
  /** Limits of the receiver, by the path of a text in `body`; `*` is any item of a list. */
  limits: z.record(z.string(), limitSchema),
  body: z.json(),
})

/** Fails for a text of the body that has no limit, or breaks lines where its limit allows one. */
function checkLimits({ body, limits }: z.output<typeof bodySchema>, context: z.RefinementCtx): void {
  for (const { path, text } of textsOf(body)) {
    const message = wrongText(text, limitOf(limits, path))
    if (message !== undefined) context.addIssue({ code: 'custom', path: ['body', ...path], message })
  }
}

const templateSchema = z
  .strictObject({
    description: z.string(),
    /** The default address. */
    url: z.string().optional(),
    /** Appended to the destination's address. */
    path: z.string().optional(),
    escape: z.enum(Object.keys(escapes) as [keyof typeof escapes]),
    /** Names that a destination must define in `fields`. */
    fields: z.array(z.string()).default([]),
    headers: z.record(z.string(), z.string()),
    /** Path of the ticket number, run or message id in the response. */
    reference: z.string().optional(),
    ...bodySchema.shape,
    /** What differs where an earlier message is answered; `{{reply_to}}` is the last segment of its reference. */
    reply: z
      .strictObject({ url: z.string().optional(), path: z.string().optional(), ...bodySchema.shape })
      .superRefine(checkLimits)
      .optional(),
  })
  .superRefine(checkLimits)

/** A request as data: every string of its body may contain `{{placeholders}}`. */
export type Template = z.output<typeof templateSchema>

/** The path of a text in a body. */
export type TextPath = readonly (string | number)[]

/** Reads the shipped templates from this folder. @throws TypeError that names the template and the place in it */
export function loadTemplates(): ReadonlyMap<TemplateName, Template> {
  return new Map(
    templateNames.map(name => {
      const text = readFileSync(new URL(`./${name}.json`, import.meta.url), 'utf8')
      const { data, error } = templateSchema.safeParse(JSON.parse(text))
      if (error !== undefined) throw new TypeError(`the template ${name} is wrong: ${z.prettifyError(error)}`)
      return [name, data]
    }),
  )
}

/** The limit of a text of the body. */
export function limitOf(limits: Template['limits'], path: TextPath): TextLimit | undefined {
  const found = Object.entries(limits).find(([pattern]) => {
    const parts = pattern.split('.')
    return parts.length === path.length && parts.every((part, at) => part === '*' || part === String(path[at]))
  })
  return found?.[1]
}

/** A placeholder of a fact. `fields` are the configuration's own words, and a number is short. */
const FACT = /\{\{(?!fields\.|number:)/

function wrongText(text: string, limit: TextLimit | undefined): string | undefined {
  if (limit === undefined) return FACT.test(text) ? 'has no entry in limits' : undefined
  return limit.lines === 'one' && /[\r\n]/.test(text) ? 'breaks lines, and its limit allows one' : undefined
}

/** Every text of a body, with its path. */
export function* textsOf(value: unknown, path: TextPath = []): Iterable<{ path: TextPath; text: string }> {
  if (typeof value === 'string') yield { path, text: value }
  if (typeof value !== 'object' || value === null) return
  const entries = Array.isArray(value) ? value.entries() : Object.entries(value)
  for (const [key, inner] of entries) yield* textsOf(inner, [...path, key])
}
