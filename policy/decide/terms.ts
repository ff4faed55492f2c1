import type { ResolvedTerm } from '../language/resolved.ts'
import type { EndView } from './end-view.ts'
import { networkOf } from './network-classes.ts'
import { and, FALSE, or, TRUE, type Truth, truthOf } from './truth.ts'

export type EndTest = (end: EndView) => Truth

/** The test of one term. */
export function compileTerm(term: ResolvedTerm): EndTest {
  switch (term.kind) {
    case 'any':
      return () => TRUE
    case 'service-identity': {
      const matches = identityTest(term.name)
      return end => (end.identity === undefined ? end.withoutIdentity : truthOf(matches(end.identity)))
    }
    case 'zone':
      return end => end.isInZone(term.zone)
    case 'namespace':
      return end => (end.end.namespace === undefined ? end.withoutNamespace : truthOf(end.end.namespace === term.name))
    case 'label':
      return end => {
        const value = end.label(term.label)
        return value === undefined ? end.withoutLabel : truthOf(value === term.value)
      }
    case 'network': {
      const { text } = networkOf(term.cidr)
      return end => (end.networks === undefined ? end.withoutAddress : truthOf(end.networks.includes(text)))
    }
    case 'host': {
      const matches = hostTest(term.name)
      return end => {
        const { names } = end.end
        return names === undefined || names.length === 0 ? end.withoutName : truthOf(names.some(matches))
      }
    }
  }
}

/** A name, or the beginning of names: `hunter-*`. */
export function identityTest(name: string): (identity: string) => boolean {
  if (!name.endsWith('*')) return identity => identity === name
  const beginning = name.slice(0, -1)
  return identity => identity.startsWith(beginning)
}

/** A name, or any name that is one label longer: `*.example.com`. */
export function hostTest(name: string): (host: string) => boolean {
  if (!name.startsWith('*.')) return host => host === name
  return host => parentOf(host) === name
}

/** The pattern that a name is one label longer than: `*.example.com` of `api.example.com`. */
export function parentOf(host: string): string | undefined {
  const dot = host.indexOf('.')
  return dot > 0 ? `*${host.slice(dot)}` : undefined
}

/** All must hold. */
export function compileConjunction(terms: readonly ResolvedTerm[]): EndTest {
  const tests = terms.map(compileTerm)
  const [only] = tests
  if (only !== undefined && tests.length === 1) return only
  return end => {
    let truth = TRUE
    for (const test of tests) {
      truth = and(truth, test(end))
      if (truth === FALSE) return FALSE
    }
    return truth
  }
}

/** One must hold. */
export function compileAlternatives(alternatives: readonly (readonly ResolvedTerm[])[]): EndTest {
  const tests = alternatives.map(compileConjunction)
  const [only] = tests
  if (only !== undefined && tests.length === 1) return only
  return end => {
    let truth = FALSE
    for (const test of tests) {
      truth = or(truth, test(end))
      if (truth === TRUE) return TRUE
    }
    return truth
  }
}
