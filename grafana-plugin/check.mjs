// The plugin's whole check: node check.mjs. Installs what is not installed, then types, lint, tests, build, size and the
// browser tests on Grafana 12 and 13. Ends with `N passed, N failed`, counted in steps.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const here = dirname(fileURLToPath(import.meta.url));
const environment = {
  ...process.env,
  PATH: `${dirname(process.execPath)}:${process.env.PATH}`,
  PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD: '1',
};
const run = (command, args, cwd = here) =>
  spawnSync(command, args, { cwd, env: environment, stdio: ['ignore', 'inherit', 'inherit'] }).status === 0;
const bin =
  (name, ...args) =>
  () =>
    run(process.execPath, [join(here, 'node_modules', name), ...args]);

/** Installs a lockfile's packages, once for each content of the lockfile. */
const install = folder => () => {
  const cwd = join(here, folder);
  const stamp = join(cwd, 'node_modules', '.installed');
  const wanted = createHash('sha256')
    .update(readFileSync(join(cwd, 'package-lock.json')))
    .digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return true;
  const ok = run('npm', ['ci', '--no-audit', '--no-fund'], cwd);
  if (ok) writeFileSync(stamp, wanted);
  return ok;
};

const MAX_GZIP = 60 * 1024;
const shared = ['@emotion/css', '@grafana/data', '@grafana/ui', 'module', 'react'];

function bundleKeepsItsBounds() {
  const text = readFileSync(join(here, 'dist/module.js'));
  const size = gzipSync(text).length;
  const imports = JSON.parse(/define\((\[[^\]]*\])/.exec(text.toString())?.[1] ?? '[]');
  const foreign = imports.filter(name => !shared.includes(name));
  console.log(`module.js: ${size} bytes gzipped, imports ${imports.join(', ')}`);
  return size <= MAX_GZIP && imports.length > 0 && foreign.length === 0;
}

const steps = [
  ['install the plugin', install('.')],
  ['install Grafana 12', install('host/grafana-12')],
  ['install Grafana 13', install('host/grafana-13')],
  ['types', bin('typescript/bin/tsc', '--noEmit')],
  ['lint', bin('eslint/bin/eslint.js', '--max-warnings', '0', '.')],
  ['unit tests', bin('jest/bin/jest.js')],
  ['build', bin('webpack/bin/webpack.js', '-c', './.config/webpack/webpack.config.ts', '--env', 'production')],
  ['bundle bounds', bundleKeepsItsBounds],
  ['host of Grafana 12', () => run(process.execPath, ['host/bundle.mjs', '12'])],
  ['host of Grafana 13', () => run(process.execPath, ['host/bundle.mjs', '13'])],
  ['browser tests', () => run(process.execPath, ['host/browser-tests.mjs'])],
];

const tally = { passed: 0, failed: 0 };
for (const [name, step] of steps) {
  const started = performance.now();
  const ok = step();
  tally[ok ? 'passed' : 'failed']++;
  console.log(`panel: ${name} ${ok ? 'passed' : 'FAILED'} (${((performance.now() - started) / 1000).toFixed(1)} s)`);
}
console.log(`${tally.passed} passed, ${tally.failed} failed`);
process.exitCode = tally.failed > 0 ? 1 : 0;
