import type { z } from 'zod'
import { path, secret } from './schema.ts'

/**
 * The two keys of one secret, named like Prometheus's: `password` and `password_file`. The value, including `${NAME}`,
 * is resolved by service/secrets, since that reads files and the environment.
 */
export const secretKeys = <Name extends string>(name: Name, description: string) => {
  const inline = secret()
    .exactOptional()
    .describe(`${description} \`\${NAME}\` as the whole value reads it from that environment variable.`)
  const file = path().exactOptional().describe(`The file that contains \`${name}\`; read again at each reload.`)
  return { [name]: inline, [`${name}_file`]: file } as { [K in Name]: typeof inline } & {
    [K in `${Name}_file`]: typeof file
  }
}

/** For `superRefine` on the map with the two keys: at most one of them may be given. */
export const refuseBothSecretKeys =
  (name: string) =>
  (value: Readonly<Record<string, unknown>>, context: z.core.$RefinementCtx): void => {
    if (value[name] === undefined || value[`${name}_file`] === undefined) return
    context.addIssue({
      code: 'custom',
      path: [`${name}_file`],
      message: `conflicts with ${name}; remove one of the two`,
    })
  }
