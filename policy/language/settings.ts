import { nearest } from '../../core/config/sentence.ts'
import { isCalendarDay } from '../../core/time/local-date.ts'
import { oddCharacters } from './characters.ts'
import { didYouMean, type Problems, shown } from './problems.ts'
import type { Word } from './statement.ts'

const DATE = /^\d{4}-\d{2}-\d{2}$/

/** A day such as `2027-03-31`. */
export function dateWord(word: Word, problems: Problems): string | undefined {
  const { text } = word
  if (!DATE.test(text)) {
    problems.error('date', word, `${shown(text)} is no day; write year, month and day, as in 2027-03-31`)
    return undefined
  }
  if (isCalendarDay(text)) return text
  problems.error('date', word, `${text} is no day of the calendar`)
  return undefined
}

/** The name of a time zone of the IANA database. */
export function timeZoneWord(word: Word, problems: Problems): string | undefined {
  const { text } = word
  if (/^[A-Za-z][\w+/-]{1,63}$/.test(text)) {
    try {
      return new Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions().timeZone
    } catch {
      // No time zone; said below.
    }
  }
  const meant = nearest(text, Intl.supportedValuesOf('timeZone'))
  const message = `${shown(text)} is no time zone of the IANA database; write for instance Europe/Berlin or UTC${didYouMean(meant)}`
  problems.error('time-zone', word, message, meant)
  return undefined
}

/** The key of a workload label, as Kubernetes has them. */
export function labelWord(word: Word, problems: Problems): string | undefined {
  problems.add(oddCharacters(word.text, word, 'this label'))
  if (/^[A-Za-z0-9][A-Za-z0-9./_-]{0,252}$/.test(word.text)) return word.text
  problems.error('label', word, `${shown(word.text)} is no key of a label; write for instance app.kubernetes.io/name`)
  return undefined
}
