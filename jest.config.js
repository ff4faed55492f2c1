/** Tests are ES modules: jest runs under `node --experimental-vm-modules`, swc strips the types. */
const transform = {
  '^.+\\.ts$': [
    '@swc/jest',
    {
      jsc: { parser: { syntax: 'typescript' }, target: 'es2024' },
      module: { type: 'es6' },
      sourceMaps: 'inline',
    },
  ],
}

const project = (displayName, testMatch, extra = {}) => ({
  displayName,
  testMatch,
  transform,
  extensionsToTreatAsEsm: ['.ts'],
  testEnvironment: 'node',
  modulePathIgnorePatterns: ['<rootDir>/dist', '<rootDir>/grafana-plugin', '<rootDir>/.cache'],
  ...extra,
})

export default {
  projects: [
    project('unit', [
      '<rootDir>/test/{core,service,exporter,elastic,remediation,alert-rules,cli,tools,regression,docs,structure}/**/*.test.ts',
    ]),
    project('stack', ['<rootDir>/test/stack/**/*.test.ts']),
  ],
}
