import { describe, expect, it } from '@jest/globals'
import { installCommand, missingPackages } from '../../tools/bootstrap/dependencies.js'

const root = { version: '0.1.0' }
const yaml = { version: '2.9.1', integrity: 'sha512-yaml' }
const jest = { version: '30.5.2', integrity: 'sha512-jest', dev: true }
const wanted = { '': root, 'node_modules/yaml': yaml, 'node_modules/jest': jest }

describe('the dependencies that are missing', () => {
  it('are those of production alone when production is asked for', () => {
    expect(missingPackages(wanted, {}, 'production')).toEqual(['node_modules/yaml'])
    expect(missingPackages(wanted, {}, 'all')).toEqual(['node_modules/yaml', 'node_modules/jest'])
  })

  it('include a package of another version or another content', () => {
    const older = { 'node_modules/yaml': { ...yaml, version: '2.9.0' } }
    const other = { 'node_modules/yaml': { ...yaml, integrity: 'sha512-other' } }
    expect(missingPackages(wanted, older, 'production')).toEqual(['node_modules/yaml'])
    expect(missingPackages(wanted, other, 'production')).toEqual(['node_modules/yaml'])
  })

  it('leave out what npm may leave out on this platform', () => {
    const withOptional = { 'node_modules/fsevents': { version: '2.3.3', optional: true } }
    expect(missingPackages(withOptional, {}, 'all')).toEqual([])
  })
})

describe('the installation', () => {
  it('does not happen where everything is there', () => {
    expect(installCommand(wanted, { 'node_modules/yaml': yaml }, 'production')).toBeUndefined()
    expect(installCommand(wanted, { 'node_modules/yaml': yaml, 'node_modules/jest': jest }, 'all')).toBeUndefined()
  })

  it('brings production dependencies and nothing else for a start in a fresh clone', () => {
    expect(installCommand(wanted, {}, 'production')).toEqual(['install', '--no-save', '--ignore-scripts', '--omit=dev'])
  })

  it('brings everything for a test run', () => {
    expect(installCommand(wanted, { 'node_modules/yaml': yaml }, 'all')).toEqual([
      'install',
      '--no-save',
      '--ignore-scripts',
    ])
  })

  it('never takes away the development dependencies of a checkout that has them', () => {
    expect(installCommand(wanted, { 'node_modules/jest': jest }, 'production')).toEqual([
      'install',
      '--no-save',
      '--ignore-scripts',
    ])
  })
})
