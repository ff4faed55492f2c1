import type { Component } from './components.ts'
import { buildInOwnModule } from './own-module.ts'

/** The newest Filebeat whose Go module has a version of its own: those of 8 and 9 are released as packages only. */
export const filebeat: Component = {
  name: 'filebeat',
  module: 'github.com/elastic/beats/v7',
  version: 'v7.17.29',
  commands: ['filebeat'],
  tags: [],
}

export const buildFilebeat = (component: Component, folder: string): void =>
  buildInOwnModule(component, { filebeat: `${component.module}/filebeat` }, folder)
