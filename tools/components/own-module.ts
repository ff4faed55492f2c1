import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Component } from './components.ts'

interface Downloaded {
  readonly Dir: string
  readonly GoMod: string
}

/** What `go mod edit -json` says of a go.mod. */
interface ModuleFile {
  readonly Go: string
  readonly Replace: readonly Replacement[] | null
  readonly Exclude: readonly ModuleVersion[] | null
}

interface Replacement {
  readonly Old: ModuleVersion
  readonly New: ModuleVersion
}

interface ModuleVersion {
  readonly Path: string
  readonly Version?: string
}

export interface OwnModuleOptions {
  /** What a module is replaced by. Default: what the go.mod of the component says. */
  readonly replacement?: (replaced: Replacement) => ModuleVersion
  /** Flags of the linker. */
  readonly ldflags?: string
}

const replacementOf = ({ New }: Replacement): ModuleVersion => New

/**
 * Builds the commands of a module that replaces others, which `go install` refuses, into a folder: from a module of our own
 * with the same replacements and checksums.
 *
 * @param programs the packages of commands, by the names of their programs
 */
export function buildInOwnModule(
  { module, version }: Pick<Component, 'module' | 'version'>,
  programs: Readonly<Record<string, string>>,
  folder: string,
  { replacement, ldflags = '' }: OwnModuleOptions = {},
): void {
  const work = mkdtempSync(join(tmpdir(), 'clawtrust-component-'))
  const env = { ...process.env, GOFLAGS: '-mod=mod -buildvcs=false', CGO_ENABLED: '0' }
  const go = (...args: string[]): string =>
    execFileSync('nice', ['go', ...args], { cwd: work, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] })
  try {
    const { Dir, GoMod }: Downloaded = JSON.parse(go('mod', 'download', '-json', `${module}@${version}`))
    const replacing = JSON.parse(go('mod', 'edit', '-json', GoMod))
    writeFileSync(join(work, 'go.mod'), moduleFile(replacing, module, version, replacement))
    writeFileSync(join(work, 'go.sum'), readFileSync(join(Dir, 'go.sum')))
    for (const [program, path] of Object.entries(programs)) {
      go('build', '-ldflags', ldflags, '-o', join(folder, program), path)
    }
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
}

/** The go.mod of a module that requires this one, with its replacements. */
export function moduleFile(
  { Go, Replace, Exclude }: ModuleFile,
  module: string,
  version: string,
  replacement = replacementOf,
): string {
  const spelt = ({ Path, Version }: ModuleVersion) => (Version === undefined ? Path : `${Path} ${Version}`)
  return [
    'module build',
    `go ${Go}`,
    `require ${module} ${version}`,
    ...(Replace ?? []).map(one => `replace ${spelt(one.Old)} => ${spelt(replacement(one))}`),
    ...(Exclude ?? []).map(excluded => `exclude ${spelt(excluded)}`),
    '',
  ].join('\n')
}
