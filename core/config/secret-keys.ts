import type { z } from 'zod'
import { path, secret } from './schema.ts'

/**
 * The two keys of one secret, as Prometheus writes them: `password` and `password_file`. Which of the two was given,
 * and `${NAME}`, is resolved by service/secrets, since it reads files and the environment.
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

/** For `superRefine` on the map that holds the two keys: at most one of them may be given. */
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
