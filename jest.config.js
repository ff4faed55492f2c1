/** Tests are ES modules: jest runs under `node --experimental-vm-modules`, swc strips the types. */
const transform = {
  '^.+\\.ts$': [
    '<rootDir>/test/transform.ts',
    {
      jsc: { parser: { syntax: 'typescript' }, target: 'es2024' },
      module: { type: 'es6' },
      sourceMaps: 'inline',
    },
  ],
}

/**
 * @param {string} displayName
 * @param {string[]} testMatch
 * @param {{ testPathIgnorePatterns?: string[], globalTeardown?: string }} extra
 */
const project = (displayName, testMatch, extra = {}) => ({
  displayName,
  testMatch,
  transform,
  extensionsToTreatAsEsm: ['.ts'],
  testEnvironment: 'node',
  // The folder for temporary files lasts as long as one run.
  cacheDirectory: '<rootDir>/node_modules/.cache/jest',
  modulePathIgnorePatterns: ['<rootDir>/dist', '<rootDir>/grafana-plugin', '<rootDir>/.cache'],
  ...extra,
})

/** Tests that run whole benchmarks, weeks of minutes or a program for each case: not of the quick part. */
const long = [
  'alert-rules/promtool',
  'bench/anomaly/seccount-v2/benchmark',
  'bench/anomaly/seccount/benchmark',
  'decoding/hostile-growth',
  'exporter/detection/demo',
  'exporter/detection/feedback/',
  'exporter/detection/metrics',
  'exporter/detection/model/benchmarks/',
  'exporter/detection/model/count/count-model',
  'exporter/detection/model/series/series-scorer',
  'exporter/detection/scoring',
  'exporter/sources/recording/attack-day',
  'exporter/web/api/',
  'policy/language/hostile-growth',
  'recipes/recipes',
  'remediation/responder/bounds',
]

export default {
  // No test is timed: on a busy machine a second of work takes ten. A test that hangs is still ended.
  testTimeout: 30_000,
  projects: [
    project('unit', ['<rootDir>/test/**/*.test.ts'], {
      // Fixtures of recipes are tests only in the copy that they are put into.
      testPathIgnorePatterns: ['stack/', 'containers/', 'recipes/fixtures/', ...long].map(
        path => `<rootDir>/test/${path}`,
      ),
    }),
    project(
      'long',
      long.map(path => `<rootDir>/test/${path}${path.endsWith('/') ? '**/*' : ''}.test.ts`),
    ),
    project('stack', ['<rootDir>/test/stack/**/*.test.ts'], { globalTeardown: '<rootDir>/test/stack/teardown.ts' }),
    // Needs Docker: npm run test:containers.
    project('containers', ['<rootDir>/test/containers/**/*.test.ts']),
  ],
}
