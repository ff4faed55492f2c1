import type { Dialect } from './dialect.ts'
import { ecsDialect } from './ecs/dialect.ts'
import { nginxAccessDialect } from './nginx/access-log.ts'
import { nginxErrorDialect } from './nginx/error-log.ts'
import { openclawConsoleDialect, openclawFileDialect, openclawOtelDialect } from './openclaw-log/dialects.ts'
import { securityEventDialect } from './openclaw-security-event/dialect.ts'

/** Every dialect, in the order of recognition. One with a `documentMark` goes before those without. */
export const dialects: readonly Dialect[] = [
  openclawFileDialect,
  securityEventDialect,
  openclawConsoleDialect,
  openclawOtelDialect,
  nginxAccessDialect,
  nginxErrorDialect,
  ecsDialect,
]
