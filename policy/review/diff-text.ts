import type { Change, PairChange, PolicyDiff } from './diff.ts'

const signs = { added: '+', removed: '-', changed: '~' } as const

/** The difference of two policies for a terminal; empty where there is none. */
export function diffText({ settings, rules, zones, isZoneOrderChanged, roles, matrix }: PolicyDiff): string {
  return [
    ...settings.flatMap(change => changeLines('setting', change)),
    ...zones.flatMap(change => changeLines('zone', change)),
    ...(isZoneOrderChanged
      ? ['~ the order of the zones: ends that are among the members of two may be in another one']
      : []),
    ...rules.flatMap(change => changeLines('rule', change)),
    ...roles.flatMap(change => changeLines('role', change)),
    ...(matrix.length === 0 ? [] : ['', 'Between zones:', ...matrix.flatMap(pairLines)]),
  ]
    .map(line => `${line}\n`)
    .join('')
}

const changeLines = (what: string, { name, kind, words }: Change): readonly string[] => [
  `${signs[kind]} ${what} ${name}`,
  ...words.map(line => `    ${line}`),
]

const zoneName = (zone: string | null) => zone ?? '(no zone)'

const pairLines = ({ from, to, gained, lost }: PairChange): readonly string[] => [
  `  ${zoneName(from)} -> ${zoneName(to)}`,
  ...gained.map(access => `    + ${access}`),
  ...lost.map(access => `    - ${access}`),
]
