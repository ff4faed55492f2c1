import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Component } from './components.ts'

/** The OpenTelemetry Collector with the parts that tests use, made by its own builder. */
export const collector: Component = {
  name: 'otelcol',
  module: 'go.opentelemetry.io/collector/cmd/builder',
  version: 'v0.161.0',
  commands: [],
  tags: [],
}

/** The builder's configuration. */
const parts = {
  receivers: ['go.opentelemetry.io/collector/receiver/otlpreceiver'],
  exporters: ['go.opentelemetry.io/collector/exporter/otlphttpexporter'],
  extensions: ['github.com/open-telemetry/opentelemetry-collector-contrib/extension/bearertokenauthextension'],
}

/** Builds it into a folder. */
export function buildCollector({ module, version }: Component, folder: string): void {
  const work = mkdtempSync(join(tmpdir(), 'clawtrust-otelcol-'))
  const env = { ...process.env, GOBIN: work, GOFLAGS: '-buildvcs=false', CGO_ENABLED: '0' }
  const run = (command: string, args: readonly string[]) =>
    execFileSync('nice', [command, ...args], { env, stdio: ['ignore', 'inherit', 'inherit'] })
  try {
    run('go', ['install', `${module}@${version}`])
    const modules = Object.entries(parts).map(([kind, paths]) => [
      kind,
      paths.map(path => ({ gomod: `${path} ${version}` })),
    ])
    const dist = { name: 'otelcol', output_path: join(work, 'sources'), version: version.slice(1) }
    writeFileSync(join(work, 'builder.yaml'), JSON.stringify({ dist, ...Object.fromEntries(modules) }))
    run(join(work, 'builder'), ['--config', join(work, 'builder.yaml')])
    run('mv', [join(work, 'sources', 'otelcol'), folder])
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
}
