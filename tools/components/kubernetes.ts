import type { Component } from './components.ts'
import { buildInOwnModule } from './own-module.ts'

/** The API server, and the etcd that its module names, in which it stores. */
export const kubernetes: Component = {
  name: 'kubernetes',
  module: 'k8s.io/kubernetes',
  version: 'v1.36.3',
  commands: ['cmd/kube-apiserver'],
  tags: [],
}

const ETCD = 'go.etcd.io/etcd/server/v3'

/**
 * Builds both into a folder. The module replaces its libraries by folders that its zip does not hold; they are published too,
 * with the same number as version 0.
 */
export function buildKubernetes(component: Component, folder: string): void {
  const { module, version } = component
  const libraries = version.replace(/^v1/, 'v0')
  const [, minor = ''] = version.split('.')
  // Without them the server is of no version, and refuses to start.
  const numbers = { gitVersion: version, gitMajor: '1', gitMinor: minor, buildDate: '1970-01-01T00:00:00Z' }
  const setNumbers = ['k8s.io/component-base/version', 'k8s.io/client-go/pkg/version'].flatMap(path =>
    Object.entries(numbers).map(([name, value]) => `-X ${path}.${name}=${value}`),
  )
  buildInOwnModule(component, { 'kube-apiserver': `${module}/cmd/kube-apiserver`, etcd: ETCD }, folder, {
    replacement: ({ Old }) => ({ Path: Old.Path, Version: libraries }),
    ldflags: ['-s -w', ...setNumbers].join(' '),
  })
}
