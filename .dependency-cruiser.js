/**
 * The rules of the house (docs/architecture.md). Rooms are the folders at the top; each rule is seen to bite in
 * test/structure/dependency-rules.test.ts.
 */
const PRODUCT_ROOMS = 'cli|core|service|exporter|elastic|remediation|policy|compliance'

/** Parts of the product that know core and service, and not each other. */
const PARTS = ['exporter', 'elastic', 'remediation', 'policy', 'compliance']

/** Where reading, writing, listening and starting processes is allowed. */
const ROOMS_WITH_IO = [
  'service/',
  'exporter/sources/',
  'remediation/(steps|enrichment|store)/',
  'compliance/evidence/',
  'cli/',
]

/** Modules of Node.js and packages that reach outside the process. */
const IO_BUILTIN = '^(node:)?(fs|net|http|https|http2|tls|dgram|dns|child_process|cluster|sqlite)(/|$)'
const IO_PACKAGE =
  '(^|/)node_modules/(undici|fastify|@elastic/elasticsearch|@kubernetes/client-node|ws|pg|mysql2|nodemailer)/'

/** A path of the product that is not one of the given rooms. */
const otherThan = rooms => ({ path: `^(${PRODUCT_ROOMS})/`, pathNot: rooms.map(room => `^${room}/`) })

export default {
  forbidden: [
    {
      name: 'no-cycle',
      comment: 'Two modules that need each other are one module, or lack a third.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'core-is-alone',
      comment: 'core imports no other room.',
      severity: 'error',
      from: { path: '^core/' },
      to: otherThan(['core']),
    },
    {
      name: 'core-is-pure',
      comment: 'core imports nothing from Node.js.',
      severity: 'error',
      from: { path: '^core/' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'service-knows-core',
      comment: 'service imports core only.',
      severity: 'error',
      from: { path: '^service/' },
      to: otherThan(['core', 'service']),
    },
    ...PARTS.map(part => ({
      name: `${part}-knows-core-and-service`,
      comment: 'The parts import core and service, not each other and not the command line.',
      severity: 'error',
      from: { path: `^${part}/` },
      to: otherThan(['core', 'service', part]),
    })),
    {
      name: 'io-has-its-rooms',
      comment: `Files, sockets and processes only in ${ROOMS_WITH_IO.join(', ')}; elsewhere they come in as arguments.`,
      severity: 'error',
      from: { path: `^(${PRODUCT_ROOMS})/`, pathNot: ROOMS_WITH_IO.map(room => `^${room}`) },
      to: { path: [IO_BUILTIN, IO_PACKAGE] },
    },
    {
      name: 'product-stands-alone',
      comment: 'What ships never imports tools, tests or benchmarks.',
      severity: 'error',
      from: { path: `^(${PRODUCT_ROOMS})/` },
      to: { path: '^(tools|test|bench)/' },
    },
    {
      name: 'product-needs-no-development-dependency',
      comment: 'What ships imports only what is installed with it.',
      severity: 'error',
      from: { path: `^(${PRODUCT_ROOMS})/` },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'resolvable',
      comment: 'Every import leads to a module.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'no-orphan',
      comment: 'A module that nothing imports and that imports nothing is forgotten.',
      severity: 'error',
      from: { orphan: true, path: `^(${PRODUCT_ROOMS})/` },
      to: {},
    },
  ],
  options: {
    exclude: { path: '(^|/)(dist|grafana-plugin|data|fixtures|\\.cache)/' },
    doNotFollow: { path: 'node_modules' },
    // TypeScript 7 has no API to parse with. swc sees imports of types too; it stops at `using` declarations.
    parser: 'swc',
    moduleSystems: ['es6'],
    detectProcessBuiltinModuleCalls: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['node', 'import', 'default'],
      extensions: ['.ts', '.js', '.json'],
    },
  },
}
