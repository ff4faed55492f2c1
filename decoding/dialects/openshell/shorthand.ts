import type { EpochMs } from '../../../core/clock.ts'
import type { Severity } from '../../../core/labels/event.ts'
import { decided, type GuardDraft, refusedByGuard } from '../../toolkit/guard-claims.ts'
import type { Decoding } from '../../toolkit/record.ts'
import { readTime } from '../../toolkit/time.ts'
import type { MissingField, TextLineDialect } from '../dialect.ts'
import { openshellFootprint, openshellSetup } from './setup.ts'

/** How a line of the file begins. Without its time it may be of many programs. */
const DATED = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z OCSF {1,4}[A-Z]/

/**
 * How a line begins: the time and `OCSF` in a file, neither of them behind the header of `openshell logs`; the class with
 * its activity, the severity, and for a decision one word. What an agent chooses follows.
 */
const BEGINNING =
  /^(?:(?<time>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z) OCSF {1,4}|(?=[A-Z]{2,9}:))(?<class>NET|HTTP|SSH|PROC|FINDING|LIFECYCLE|CONFIG|API|EVENT)(?::[!-Z^-~]{1,32})? \[(?<severity>INFO|LOW|MED|HIGH|CRIT|FATAL)\](?: (?<word>[A-Z]{1,16})(?= |$))?/

/** No line begins at greater length. */
const LONGEST_BEGINNING = 160

const severities = new Map<string | undefined, Severity>([
  ['INFO', 'info'],
  ['LOW', 'low'],
  ['MED', 'medium'],
  ['HIGH', 'high'],
  ['CRIT', 'critical'],
  ['FATAL', 'critical'],
])

/** What a denial is, by its class. A finding is written beside the event that it is of. */
const denials = new Map<string | undefined, (severity: Severity | undefined) => GuardDraft>([
  ['NET', severity => decided('openshell-shorthand', 'other', 'deny', severity)],
  ['HTTP', severity => decided('openshell-shorthand', 'other', 'deny', severity)],
  ['SSH', refusedByGuard],
])

const withoutEvents: MissingField = {
  field: 'class_uid',
  consequence:
    "they are of OpenShell's log in plain text, in which an agent can write lines, so that only denials count, without their engine and policy",
  advice: 'set ocsf_json_enabled to true in OpenShell, and read openshell-ocsf.*.log in the place of this file',
  correctedBy: ['openshell-ocsf'],
}

/**
 * OpenShell's log in plain text. Process names, hosts and paths are not escaped in it, so that an agent can write whole
 * lines: a line claims one denial at most, by the words before any that an agent chooses.
 */
export const openshellShorthandDialect: TextLineDialect = {
  name: 'openshell-shorthand',
  format: 'text-line',
  anyoneWrites: beginning => DATED.test(beginning),
  prefilter: ['] DENIED'],
  sourceFields: [],
  signals: ['policy_decisions', 'auth_failures'],
  observer: 'guard',
  footprint: openshellFootprint,
  recognises: line => BEGINNING.test(line.slice(0, LONGEST_BEGINNING)),
  lacks: () => withoutEvents,
  decode,
  documentation: {
    reads:
      "OpenShell's log in plain text (`openshell.DATE.log`, the output of `openshell logs`): denials only, of the engine `openshell-shorthand`",
    samples: { kind: 'documented', from: 'sources of OpenShell 0.1.5 and its documentation' },
    setup: openshellSetup,
    rules: [
      "In **OpenShell's log in plain text** names of processes, hosts and paths are not escaped: an agent can write whole lines. So a line counts one denial at most, by its class, its severity and the word behind it; policy, engine and reason are not read, and nothing that is allowed counts. Where both files of a sandbox are read, a denial counts in both, with different engines: read `openshell-ocsf.*.log` only.",
    ],
  },
}

function decode(line: string, envelopeTime?: EpochMs): Decoding {
  const groups = BEGINNING.exec(line.slice(0, LONGEST_BEGINNING))?.groups ?? {}
  const time = readTime(groups.time) ?? envelopeTime
  if (time === undefined) return { kind: 'undecoded', reason: 'bad_time' }
  const draft = groups.word === 'DENIED' ? denials.get(groups.class)?.(severities.get(groups.severity)) : undefined
  if (draft === undefined) return { kind: 'no_signal', time, template: 'openshell-shorthand' }
  const origin = { subsystem: 'guard/openshell' }
  const actor = { addressUnknown: 'console_text' } as const
  return { kind: 'claim', time, claim: { ...draft, time, count: 1, stream: 'other', origin, actor } }
}
