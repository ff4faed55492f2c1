import { z } from 'zod'
import { refuseBothSecretKeys, secretKeys } from '../../core/config/secret-keys.ts'

/** Section `remediation.operator`. */
export const operatorSchema = z
  .strictObject(secretKeys('bearer_token', 'What an operator sends as `Authorization: Bearer`.'))
  .superRefine(refuseBothSecretKeys('bearer_token'))
  .prefault({})
  .describe(
    'Who may give commands over HTTP (approve, reject, unblock, replay, reset the breaker), beside the users and client ' +
      'certificates of the web configuration.',
  )
