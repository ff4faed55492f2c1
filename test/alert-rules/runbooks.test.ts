import { readdirSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import { alertsOf } from '../../alert-rules/groups/catalogue.ts'
import { parseQuery } from '../../promql/read.ts'
import { metrics } from './metrics.ts'
import { groups, written } from './rendered.ts'

const names = alertsOf(groups).map(({ alert }) => alert)
const files = readdirSync(new URL('../../docs/runbooks/', import.meta.url))

it('there is a runbook for each alert, and no other', () => {
  expect(files.toSorted()).toEqual(names.map(name => `${name}.md`).toSorted())
})

describe.each(files)('%s', file => {
  const text = written(`docs/runbooks/${file}`)
  const code = [...text.matchAll(/`([^`]+)`/g)].map(([, span = '']) => span)

  it('names metrics and alerts that exist', () => {
    const told = [...text.matchAll(/\bclawtrust_[a-z_]+/g)].map(([name]) => name)
    expect(told.filter(name => !metrics.has(name))).toEqual([])
    expect([...text.matchAll(/\bClawtrust\w+/g)].map(([name]) => name).filter(name => !names.includes(name))).toEqual(
      [],
    )
  })

  it('asks nothing that Prometheus refuses, and counts replicas once', () => {
    for (const query of code.filter(span => /^\w+(?: by \([^)]*\))? ?\(.*\)$/.test(span))) {
      expect([query, parseQuery(query).isValid]).toEqual([query, true])
      if (query.startsWith('sum')) expect(query).toContain('max without (instance)')
    }
  })

  it('gives commands of remediation as they are typed', () => {
    const typed = code.filter(span => span.startsWith('clawtrust remediation '))
    const known =
      /^clawtrust remediation (?:list(?: proposed)?|verify-ledger|breaker|reset-breaker|(?:show|approve) <incident>|unblock <address>|replay all)$/
    expect(typed.filter(command => !known.test(command))).toEqual([])
  })
})
