import { basename, dirname, join } from 'node:path'

/** A date, and a time of day or in seconds since 1970, as logrotate (`dateformat`), the kubelet and OpenClaw write them. */
const DATE =
  /[12]\d{3}(?<separator>[-_.]?)(?:0[1-9]|1[0-2])\k<separator>(?:0[1-9]|[12]\d|3[01])(?:[-_.T]?(?:[01]\d|2[0-3])(?:[-_.:]?[0-5]\d(?:[-_.:]?[0-5]\d(?:\.\d{3})?)?)?Z?|[-_.]\d{10})?/
/** What a rotation adds to the name of a log, before or after its extension, and a compression after that. */
const NAME = new RegExp(
  `^(?<base>.+?)(?<before>\\.log)?(?:[-_.](?<date>${DATE.source}))?(?:\\.(?<shifted>\\d{1,3}))?(?<after>\\.log)?(?:\\.gz)?$`,
)

/** A name of a file, as programs rotate logs. */
export interface RotatedName {
  /** The same for a log and what was rotated of it. */
  readonly family: string
  /** A date, which grows; empty where there is none. */
  readonly date: string
  /** A number, which is shifted: the file with the greatest one is the oldest. 0 where there is none. */
  readonly shifted: number
}

/**
 * What is known of a file by its name: `x.log`, `x.log.1`, `x.1.log`, `x.log-20261129`, `x-2026-11-29.1.log`,
 * `0.log.20261129-120000`, each also with `.gz`. Other names, as `x-2.log` and `x.log.bak`, are those of other logs.
 */
export function rotatedName(path: string): RotatedName {
  const { base = '', date = '', shifted = '0' } = NAME.exec(basename(path))?.groups ?? {}
  return { family: join(dirname(path), base), date, shifted: Number(shifted) }
}
