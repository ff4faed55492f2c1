import { z } from 'zod'
import { refuseBothSecretKeys, secretKeys } from '../../core/config/secret-keys.ts'

/** Section `remediation.operator`. */
export const operatorSchema = z
  .strictObject(secretKeys('bearer_token', 'Token that operators send as `Authorization: Bearer`.'))
  .superRefine(refuseBothSecretKeys('bearer_token'))
  .prefault({})
  .describe(
    'Authentication of commands over HTTP (approve, reject, unblock, replay, reset the breaker), besides users and ' +
      'client certificates of the web configuration.',
  )
