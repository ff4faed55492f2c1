import { nearest } from '../../core/config/sentence.ts'
import { type Condition, devicePostures, type Span, type Weekday, weekdays } from '../model/policy.ts'
import { networkWord } from './address-words.ts'
import { didYouMean, type Problems, shown } from './problems.ts'
import type { Item, Word } from './statement.ts'
import { spanOf } from './terms.ts'

type Meaning<T = Condition> = T extends unknown ? Omit<T, 'at'> : never
type ReadValues = (values: readonly Word[], problems: Problems) => Meaning | undefined

/** The attributes of a condition, each with what its values are read to. */
const attributes: Readonly<Record<string, ReadValues>> = {
  'device-posture': (values, problems) => {
    const is = wordsOf(values, devicePostures, 'device posture', problems)
    return is && { kind: 'device-posture', is }
  },
  time: readTime,
  weekday: readWeekdays,
  network: (values, problems) => {
    const networks = values.map(value => {
      const found = networkWord(value.text)
      if (found.kind === 'network') return found.cidr
      const { message, suggestion } =
        found.kind === 'wrong' ? found : { message: 'is no network', suggestion: undefined }
      problems.error('not-a-network', value, `${shown(value.text)} ${message}`, suggestion)
      return undefined
    })
    return networks.every(network => network !== undefined) ? { kind: 'network', networks } : undefined
  },
  authentication: (values, problems) => {
    const is = wordsOf(values, ['mutual'] as const, 'authentication', problems)
    return is && { kind: 'authentication', is: 'mutual' }
  },
}

/** `device-posture` for `posture`. */
const meantAttribute = (text: string): string | undefined =>
  nearest(text, Object.keys(attributes)) ??
  (text.length < 4 ? undefined : Object.keys(attributes).find(known => known.includes(text)))

/** The conditions of one property: each attribute with its values. */
export function readConditions(items: readonly Item[], problems: Problems): readonly Condition[] {
  const groups: { attribute: Word; values: Word[]; at: Span }[] = []
  for (const item of items) {
    const open = groups.at(-1)
    if (item.attribute !== undefined) groups.push({ attribute: item.attribute, values: [item.value], at: spanOf(item) })
    else if (open !== undefined) {
      open.values.push(item.value)
      open.at = { from: open.at.from, to: item.value.to }
    }
  }
  return groups.flatMap(({ attribute, values, at }) => {
    const read = Object.hasOwn(attributes, attribute.text) ? attributes[attribute.text] : undefined
    if (read === undefined) {
      const meant = meantAttribute(attribute.text)
      const hint = meant === undefined ? `known are ${Object.keys(attributes).join(', ')}` : `did you mean "${meant}"?`
      problems.error(
        'unknown-attribute',
        attribute,
        `${shown(attribute.text)} is no attribute of a condition; ${hint}`,
        meant,
      )
      return []
    }
    const meaning = read(values, problems)
    return meaning === undefined ? [] : [{ ...meaning, at }]
  })
}

function wordsOf<T extends string>(
  values: readonly Word[],
  known: readonly T[],
  what: string,
  problems: Problems,
): readonly T[] | undefined {
  const found = values.map(value => {
    const word = known.find(one => one === value.text)
    if (word !== undefined) return word
    const meant = nearest(value.text, known)
    const message = `${shown(value.text)} is no ${what}; it is ${known.join(', ')}${didYouMean(meant)}`
    problems.error('unknown-value', value, message, meant)
    return undefined
  })
  return found.every(word => word !== undefined) ? [...new Set(found)] : undefined
}

const TIME = /^([01]\d|2[0-4]):([0-5]\d)-([01]\d|2[0-4]):([0-5]\d)$/
const DAY_MINUTES = 24 * 60

function readTime(values: readonly Word[], problems: Problems): Meaning | undefined {
  const [value, more] = values
  if (value === undefined) return undefined
  if (more !== undefined) {
    problems.error('time', more, 'a rule has one range of times; write another rule for the other one')
    return undefined
  }
  const [, ...parts] = TIME.exec(value.text) ?? []
  const [fromHour, fromMinute, toHour, toMinute] = parts.map(Number)
  const from = Number(fromHour) * 60 + Number(fromMinute)
  const to = Number(toHour) * 60 + Number(toMinute)
  if (parts.length === 0 || from >= DAY_MINUTES || to > DAY_MINUTES) {
    problems.error(
      'time',
      value,
      `${shown(value.text)} is no range of times; write for instance 08:00-18:00 or 22:00-06:00`,
    )
    return undefined
  }
  if (from === to) {
    problems.error(
      'time',
      value,
      `${shown(value.text)} begins when it ends; leave the condition out for the whole day, or write 00:00-24:00`,
    )
    return undefined
  }
  return { kind: 'time', from, to }
}

function readWeekdays(values: readonly Word[], problems: Problems): Meaning | undefined {
  const days = new Set<Weekday>()
  let isWhole = true
  for (const value of values) {
    const [first = '', last = first, ...more] = value.text.split('-')
    const ends = [first, last].map(word => weekdays.indexOf(word.toLowerCase() as Weekday))
    const [from = -1, to = -1] = ends
    if (from === -1 || to === -1 || more.length > 0) {
      const meant = [first, last].map(word => weekdays.find(day => word.toLowerCase().startsWith(day)))
      const suggestion = meant.every(day => day !== undefined) ? [...new Set(meant)].join('-') : undefined
      const message = `${shown(value.text)} is no weekday; write ${weekdays.join(', ')}, or a range such as mon-fri${didYouMean(suggestion)}`
      problems.error('unknown-value', value, message, suggestion)
      isWhole = false
      continue
    }
    // A range may go over the end of the week: sat-mon.
    for (let at = from; ; at = (at + 1) % weekdays.length) {
      days.add(weekdays[at] as Weekday)
      if (at === to) break
    }
  }
  return isWhole ? { kind: 'weekday', days: weekdays.filter(day => days.has(day)) } : undefined
}
