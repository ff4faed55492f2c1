import type { PolicyProblem } from '../model/problem.ts'

/** What may be wrong with the text of a policy, or odd about it, by kind. */
export const problemKinds = {
  syntax: 'A line is none that the language has.',
  'too-large': 'The file is larger than any policy.',
  'too-deep': 'Lists hold each other over too many levels.',
  'too-long': 'A word is longer than what it is compared with can be.',
  empty: 'A word is empty.',
  'invisible-character': 'A character that a reader does not see, or sees elsewhere than it is.',
  'typographic-hyphen': 'A hyphen or dash of typography, which is read as the plain one.',
  lookalike:
    'A character that looks like another one, or a word of two scripts. Names are compared as they are written.',
  'not-a-name': 'The name of a policy, zone, list, rule or role has characters that a name has not.',
  'not-a-host': 'A word is no host name, address or network; it may look like one.',
  'not-a-network': 'A value of a condition on the network is no network.',
  'host-like-name': 'A host name is the name of a zone or list too.',
  'port-like-address': 'An IPv6 address without brackets ends with what may be meant as a port.',
  port: 'A port does not exist, or is not where ports are.',
  pattern: 'A star is not at the end of an identity.',
  'unknown-attribute': 'There is no such attribute of an end, or of a condition.',
  'unknown-value': 'An attribute has no such value.',
  'unknown-protocol': 'There is no such protocol in the language.',
  'unknown-key': 'The YAML form has no such key there.',
  'unknown-zone': 'There is no zone of that name.',
  'unknown-list': 'There is no list of that name.',
  'missing-property': 'A block lacks a property without which it means nothing.',
  'misplaced-property': 'A property belongs to another block.',
  'duplicate-property': 'A property that a block has once is set twice.',
  'lost-property': 'A property is on the line of a reason, and would be a part of it.',
  'duplicate-policy': 'A file has more than one policy block.',
  'duplicate-name': 'Two zones, lists, rules or roles have one name.',
  'recursive-list': 'A list is a member of itself.',
  'zone-in-zone': 'The members of a zone are another zone.',
  'too-many-alternatives': 'Lists expand to more alternatives than a policy can have.',
  alternatives: 'An expectation is about one access, and has alternatives.',
  time: 'A range of times is none.',
  date: 'A day is none of the calendar.',
  'time-zone': 'There is no such time zone.',
  label: 'The key of a label has characters that it cannot have.',
} as const satisfies Record<string, string>

export type ProblemKind = keyof typeof problemKinds

/** A problem that the language itself finds. */
export interface LanguageProblem extends PolicyProblem {
  readonly kind: ProblemKind
}
