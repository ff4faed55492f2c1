import { z } from 'zod'
import { DAY_MS, MINUTE_MS } from '../core/clock.ts'
import { matchers } from '../core/config/matchers.ts'
import { duration, parsed, path, text, wholeNumber } from '../core/config/schema.ts'
import { refuseBothSecretKeys, secretKeys } from '../core/config/secret-keys.ts'
import { templateNames } from './actions/templates/names.ts'
import { modes, verdicts } from './decision/playbook.ts'

const SECOND_MS = 1_000

const country = () =>
  parsed({ expects: 'a country of two capital letters, such as DE', placeholder: '<country>' }, value =>
    /^[A-Z]{2}$/.test(value) ? value : undefined,
  )

const blockStepSchema = z.strictObject({
  type: z.literal('block').describe('Drops what comes from the address, in the firewall, for a time.'),
  ttl: z
    .array(duration(SECOND_MS, 365 * DAY_MS))
    .min(1)
    .describe('How long: the first time, the second, and so on; the last for all that follow.'),
  reset_after: duration(MINUTE_MS, 365 * DAY_MS)
    .prefault('30d')
    .describe('An address without an offence for so long begins at the first again.'),
})

const requestStepSchema = z.strictObject({
  type: z.literal('request').describe('Sends one HTTP request for each incident: a message, a ticket, a hook.'),
  destination: text().describe('Name of a destination.'),
})

/** One item of `remediation.playbooks`. */
export const playbookSchema = z.strictObject({
  name: text().describe(
    'The value of the label `playbook` of alerts that call it; takes the place of a built-in one of this name.',
  ),
  mode: z.enum(modes).exactOptional().describe('Default: `remediation.mode`.'),
  match: z
    .record(z.string(), matchers('Values of this label.').unwrap())
    .prefault({})
    .describe('Labels that an alert must have; without any, `playbook` must be the name of the playbook.'),
  target_label: text().prefault('source_ip').describe('The label that holds what the steps are aimed at.'),
  conditions: z
    .strictObject({
      verdict: z
        .array(z.enum(verdicts))
        .min(1)
        .exactOptional()
        .describe('What threat intelligence must say of the address.'),
      countries: z.array(country()).min(1).exactOptional().describe('Countries that the address must be of.'),
      not_countries: z.array(country()).min(1).exactOptional().describe('Countries that the address must not be of.'),
    })
    .prefault({})
    .describe('What must hold before anything is done.'),
  steps: z
    .array(z.discriminatedUnion('type', [blockStepSchema, requestStepSchema]))
    .min(1)
    .describe('What is done, at most one block among it; requests follow the block.'),
  cooldown: duration(0, 30 * DAY_MS)
    .prefault('1h')
    .describe(
      'How long after an action the same alert of the same target starts nothing; at least the longest window of its rule.',
    ),
})

/** One item of `remediation.destinations`. */
export const destinationSchema = z
  .strictObject({
    name: text().describe('Unique among the destinations.'),
    template: z.enum(templateNames).describe('What is sent, and how.'),
    ...secretKeys('url', 'The address, which may itself be the secret, as with Slack.'),
    ...secretKeys('token', 'What proves who we are; the template says in which header it goes.'),
    fields: z
      .record(z.string(), text())
      .prefault({})
      .describe('What the template asks for beside: a chat, a project, a repository.'),
    timeout: duration(SECOND_MS, MINUTE_MS).prefault('10s').describe('How long an answer is awaited.'),
    give_up_after: duration(MINUTE_MS, 7 * DAY_MS)
      .prefault('1d')
      .describe('How long is tried, ever more rarely, before it is a dead letter that can be replayed.'),
  })
  .superRefine(refuseBothSecretKeys('url'))
  .superRefine(refuseBothSecretKeys('token'))

const name = text().describe('The name by which verdicts tell where they come from.')
const maxAge = duration(MINUTE_MS, 365 * DAY_MS)
  .prefault('2d')
  .describe('A list that is older says nothing.')

const listSchema = z.strictObject({
  type: z.literal('list').describe('A file of addresses and networks, read again when it changes.'),
  name,
  file: path().describe('The file, kept fresh by a timer of yours.'),
  format: z
    .enum(['plain', 'csv', 'feodo'])
    .prefault('plain')
    .describe(
      '`plain`: an address or network a line, as netsets are. `csv`: in a column. `feodo`: the JSON of Feodo Tracker.',
    ),
  column: wholeNumber(1, 1_000).prefault(1).describe('The column of a CSV file, counted from 1.'),
  verdict: z.enum(['malicious', 'benign']).prefault('malicious').describe('What being on the list means.'),
  max_age: maxAge,
})

const httpSchema = z
  .strictObject({
    type: z.literal('http').describe('A service that is asked about each address.'),
    name,
    url: parsed({ expects: 'an https address that holds {address}', placeholder: '<url>' }, value =>
      /^https?:\/\/[^{}]*\{address\}[^{}]*$/.test(value) ? value : undefined,
    ).describe('Where to ask; `{address}` stands for the address.'),
    header: text().prefault('Authorization').describe('The header that the key goes in.'),
    ...secretKeys('key', 'The key.'),
    score: text().describe('Where the score stands in the answer, such as `scores.overall.total`.'),
    malicious_from: z
      .number()
      .meta({ expects: 'a number', placeholder: '<number>' })
      .describe('The least score that means malicious.'),
    benign_to: z
      .number()
      .meta({ expects: 'a number', placeholder: '<number>' })
      .exactOptional()
      .describe('The highest score that means benign; without it nothing is benign.'),
    cache: duration(MINUTE_MS, 30 * DAY_MS)
      .prefault('1h')
      .describe('How long an answer is kept.'),
    budget: wholeNumber(1, 1_000_000).prefault(50).describe('Most questions in a day.'),
    timeout: duration(100, MINUTE_MS).prefault('2s').describe('How long an answer is awaited.'),
  })
  .superRefine(refuseBothSecretKeys('key'))

export const threatIntelligenceSchema = z
  .array(z.discriminatedUnion('type', [listSchema, httpSchema]))
  .prefault([])
  .describe('Who is asked; one that says malicious suffices, unless another says benign.')

export type PlaybookConfig = z.output<typeof playbookSchema>
export type DestinationConfig = z.output<typeof destinationSchema>
export type ThreatIntelligenceConfig = z.output<typeof threatIntelligenceSchema>[number]
export type ListConfig = z.output<typeof listSchema>
export type HttpProviderConfig = z.output<typeof httpSchema>
