/** A framework of one control, to which a test adds what it is about. */
export const SMALL_FRAMEWORK = `framework: { id: house-rules, title: House rules, version: '1', source: https://example.com/rules }
parameters:
  - { id: most-failures, title: failed sign-ins a month, value: 500 }
controls:
  - id: H-1
    title: Sign-ins
    pillar: identity
    tests:
      - id: failures
        title: Failed sign-ins
        evidence: { from: metric, signal: auth_failures, measure: increase }
        parameter: most-failures
        telemetry: [gateway]
`
