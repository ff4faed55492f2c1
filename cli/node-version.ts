/** The oldest major version of Node.js that runs clawtrust: node:sqlite, and TypeScript without a build in a clone. */
export const REQUIRED_NODE = 24

/**
 * What to do where the version of Node.js is too old; undefined where it is not. Imports nothing: an older Node.js must
 * be able to load it.
 *
 * @param version as `process.version`: `v20.20.2`
 */
export function nodeTrouble(version: string, execPath: string): string | undefined {
  if (Number.parseInt(version.slice(1), 10) >= REQUIRED_NODE) return undefined
  return `clawtrust needs Node.js ${REQUIRED_NODE} or newer, and ${execPath} is ${version}; install Node.js ${REQUIRED_NODE} and run the command again.`
}
