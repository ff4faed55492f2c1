// The demo that dashboards are looked at with: a Prometheus that watches a running exporter and remediation.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('../../test/stack/dashboards/serve.ts', import.meta.url));

/** Starts it with this Node.js, which has to be 24 or newer; resolves when its past is there. */
export async function startDemo() {
  const child = spawn(process.execPath, [program], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = await Promise.race([
    once(createInterface(child.stdout), 'line'),
    once(child, 'exit').then(([code]) => Promise.reject(new Error(`The demo ended with ${code} before it was ready.`))),
  ]);
  const stop = async () => {
    child.kill('SIGTERM');
    await once(child, 'exit');
  };
  return { demo: JSON.parse(line), stop };
}
