import { dirname } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import jestConfig from '../../jest.config.js'
import { isSource, read, repositoryFiles, root } from './source-files.ts'

const files = repositoryFiles()

describe('the repository', () => {
  it('names no path of the machine that it lies on', () => {
    const beside = dirname(root.replace(/\/$/, ''))
    const text = files.filter(path => /\.(ts|js|json|md|ya?ml|sh|html|css)$|\.ci\/run$/.test(path))
    expect(text.filter(path => read(path).includes(root) || read(path).includes(`${beside}/shared`))).toEqual([])
  })

  it('holds no default export beside the configuration of tools that ask for one', () => {
    const ours = files.filter(path => isSource(path) && !/^(\.[^/]*|[^/]*\.config)\.js$/.test(path))
    // The toolchain of Grafana's panels asks for default exports in its configuration, in the panel's folder alone.
    const sources = ours.filter(path => !/^grafana-plugin\/(\.config|[^/]*config\.[jt]s|[^/]*\.config\.)/.test(path))
    expect(sources.filter(path => /^export default /m.test(read(path)))).toEqual([])
  })

  it('has no unit test that measures how long something takes', () => {
    const { testPathIgnorePatterns = [] } = jestConfig.projects.find(({ displayName }) => displayName === 'unit') ?? {}
    const others = testPathIgnorePatterns.map(path => path.replace('<rootDir>/', ''))
    const unit = files.filter(path => path.endsWith('.test.ts') && !others.some(other => path.startsWith(other)))
    expect(others).toContain('test/stack/')
    expect(unit.length).toBeGreaterThan(300)
    const clocks = /\bperformance\.now\(|\bprocess\.(?:hrtime|cpuUsage)\b/
    expect(unit.filter(path => clocks.test(read(path)))).toEqual([])
  })

  it('imports nothing from captures beside the clone into the product', () => {
    const product = files.filter(path => /^(cli|core|service|decoding|exporter|tools)\/.*\.ts$/.test(path))
    expect(product.filter(path => read(path).includes('../shared'))).toEqual([])
  })
})

describe.each(files.filter(path => path.endsWith('package-lock.json')))('%s', path => {
  const manifest = JSON.parse(read(path.replace('package-lock', 'package')))
  const { packages } = JSON.parse(read(path)) as { packages: Record<string, Record<string, unknown>> }
  const locked = Object.entries(packages).filter(([folder]) => folder !== '')

  it.each(['dependencies', 'devDependencies', 'optionalDependencies'])('agrees with package.json on %s', kind => {
    expect(packages['']?.[kind]).toEqual(manifest[kind])
  })

  it('has the hash of every package', () => {
    expect(locked.filter(([, entry]) => typeof entry.integrity !== 'string').map(([folder]) => folder)).toEqual([])
  })

  it('has no download address', () => {
    expect(locked.filter(([, entry]) => 'resolved' in entry).map(([folder]) => folder)).toEqual([])
  })
})

it.each(files.filter(path => path.endsWith('package.json')))('%s pins exact versions', path => {
  const manifest = JSON.parse(read(path)) as Record<string, Record<string, string> | undefined>
  const versions = ['dependencies', 'devDependencies', 'optionalDependencies'].flatMap(kind =>
    Object.entries(manifest[kind] ?? {}),
  )
  expect(versions.filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([])
})
