import { type PostureCheck, postureChecks } from '../../../core/labels/posture-checks.ts'
import { closedSet } from '../../toolkit/claims.ts'
import { textOf } from '../../toolkit/fields.ts'
import type { Finding } from '../../toolkit/posture.ts'

const known = closedSet(postureChecks)

/** Longest id and most parts that are looked at. */
const MAX_ID = 200
const MAX_PARTS = 8

const isPlaceholder = (part: string) => part.startsWith('<')

/** Checks whose ids have a part that differs from host to host, or that OpenClaw continues with names and numbers. */
const templates = postureChecks
  .filter(check => check.includes('<') || check === 'channels.dm.session_collision')
  .map(check => ({ check, parts: check.split('.') }))

/**
 * The documented check of an id, and what of the id is not in it: the name of a channel, a plugin or an account. `other`
 * with the id where the check is not known.
 */
export function checkOf(value: unknown): Pick<Finding, 'check' | 'target'> {
  const id = textOf(value, MAX_ID) ?? ''
  const exact = known(id)
  if (exact !== undefined && exact !== 'other') return { check: exact, target: '' }
  const parts = id.split('.', MAX_PARTS)
  for (const { check, parts: template } of templates) {
    const fits = template.every((part, at) => part === parts[at] || (isPlaceholder(part) && parts[at]))
    if (fits) return { check, target: parts.filter((part, at) => part !== template[at]).join('.') }
  }
  return { check: 'other' satisfies PostureCheck, target: id }
}
