import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { escapes } from './escape.ts'
import { type TemplateName, templateNames } from './names.ts'

const templateSchema = z.strictObject({
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
  body: z.json(),
  /** What differs where an earlier message is answered; `{{reply_to}}` is the last segment of its reference. */
  reply: z.strictObject({ url: z.string().optional(), path: z.string().optional(), body: z.json() }).optional(),
})

/** A request as data: every string of its body may contain `{{placeholders}}`. */
export type Template = z.output<typeof templateSchema>

/** Reads the shipped templates from this folder. */
export function loadTemplates(): ReadonlyMap<TemplateName, Template> {
  return new Map(
    templateNames.map(name => {
      const text = readFileSync(new URL(`./${name}.json`, import.meta.url), 'utf8')
      return [name, templateSchema.parse(JSON.parse(text))]
    }),
  )
}
