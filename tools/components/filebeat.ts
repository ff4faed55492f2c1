import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Component } from './components.ts'

/** The newest Filebeat whose Go module has a version of its own: those of 8 and 9 are released as packages only. */
export const filebeat: Component = {
  name: 'filebeat',
  module: 'github.com/elastic/beats/v7',
  version: 'v7.17.29',
  commands: ['filebeat'],
  tags: [],
}

interface Downloaded {
  readonly Dir: string
  readonly GoMod: string
}

/** What `go mod edit -json` says of a go.mod. */
interface ModuleFile {
  readonly Go: string
  readonly Replace: readonly { readonly Old: ModuleVersion; readonly New: ModuleVersion }[]
  readonly Exclude: readonly ModuleVersion[]
}

interface ModuleVersion {
  readonly Path: string
  readonly Version?: string
}

/**
 * Builds it into a folder. `go install` refuses a module that replaces others, so that it is built from a module of our
 * own with the same replacements and checksums.
 */
export function buildFilebeat({ module, version, commands }: Component, folder: string): void {
  const work = mkdtempSync(join(tmpdir(), 'clawtrust-filebeat-'))
  const env = { ...process.env, GOFLAGS: '-mod=mod -buildvcs=false', CGO_ENABLED: '0' }
  const go = (...args: string[]): string =>
    execFileSync('nice', ['go', ...args], { cwd: work, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] })
  try {
    const { Dir, GoMod }: Downloaded = JSON.parse(go('mod', 'download', '-json', `${module}@${version}`))
    writeFileSync(join(work, 'go.mod'), moduleFile(JSON.parse(go('mod', 'edit', '-json', GoMod)), module, version))
    writeFileSync(join(work, 'go.sum'), readFileSync(join(Dir, 'go.sum')))
    for (const command of commands) go('build', '-o', join(folder, command), `${module}/${command}`)
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
}

/** The go.mod of a module that requires this one, with its replacements. */
export function moduleFile({ Go, Replace, Exclude }: ModuleFile, module: string, version: string): string {
  const spelt = ({ Path, Version }: ModuleVersion) => (Version === undefined ? Path : `${Path} ${Version}`)
  return [
    'module build',
    `go ${Go}`,
    `require ${module} ${version}`,
    ...Replace.map(({ Old, New }) => `replace ${spelt(Old)} => ${spelt(New)}`),
    ...Exclude.map(excluded => `exclude ${spelt(excluded)}`),
    '',
  ].join('\n')
}
