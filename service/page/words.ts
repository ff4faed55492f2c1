import type { EpochMs } from '../../core/clock.ts'
import { span, timeLeft } from '../../core/time/duration.ts'
import { type Html, html } from './html.ts'

/** 12345 as `12,345`, independent of the machine's locale. */
export function grouped(value: number): string {
  return String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, ',')
}

/** A number of events that may be fractional: two digits below ten, else whole and grouped. */
export function amount(value: number): string {
  return value < 10 ? String(Number(value.toPrecision(2))) : grouped(value)
}

/** `1 event`, `2 events`. */
export function counted(value: number, noun: string, plural = `${noun}s`): string {
  return `${grouped(value)} ${Math.round(value) === 1 ? noun : plural}`
}

const byteUnits = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const

export function bytes(value: number): string {
  const step = Math.min(byteUnits.length - 1, value < 1 ? 0 : Math.floor(Math.log2(value) / 10))
  const scaled = value / 1024 ** step
  return `${step === 0 || scaled >= 100 ? Math.round(scaled) : scaled.toFixed(1)} ${byteUnits[step]}`
}

/** `2026-11-22T14:05:09Z`; `no valid time` for a time outside the range of dates. */
export function timestamp(time: EpochMs): string {
  const date = new Date(time)
  return Number.isNaN(date.getTime()) ? 'no valid time' : date.toISOString().replace(/\.\d+Z$/, 'Z')
}

/** Time of day, UTC: `14:05:09`. */
export function clockTime(time: EpochMs): string {
  return timestamp(time).slice(11, 19)
}

/** `14:05`, for a minute within the last day. */
export function minuteTime(time: EpochMs): string {
  return timestamp(time).slice(11, 16)
}

export function ago(time: EpochMs, now: EpochMs): string {
  if (time > now + 1000) return `in ${timeLeft(time - now)}`
  return now - time < 1000 ? 'now' : `${span(now - time)} ago`
}

/** A time element: time of day (with the date if it is not today) and how long ago. */
export function when(time: EpochMs, now: EpochMs): Html {
  const full = timestamp(time)
  const shown =
    full.slice(0, 10) === timestamp(now).slice(0, 10) ? clockTime(time) : full.slice(0, 16).replace('T', ' ')
  return html`<time datetime="${full}">${shown}</time> <span class="muted">${ago(time, now)}</span>`
}

/** A metric's or signal's name as words: `auth failures`. */
export function words(name: string): string {
  return name.replaceAll('_', ' ')
}
