import { existsSync, readFileSync } from 'node:fs'

/** The version of the package: its package.json is one folder up in a clone, two in the published package. */
export function packageVersion(): string {
  const [file] = ['../package.json', '../../package.json']
    .map(path => new URL(path, import.meta.url))
    .filter(url => existsSync(url))
  if (file === undefined) throw new Error('package.json of clawtrust is missing; install the package again')
  return JSON.parse(readFileSync(file, 'utf8')).version
}
