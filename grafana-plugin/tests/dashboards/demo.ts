import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** The demo that the tests look at. */
export interface Demo {
  readonly prometheus: string;
  /** Start of the attack day, milliseconds. */
  readonly attack: number;
}

const program = join(__dirname, '../../../test/stack/dashboards/serve.ts');

/** Starts the demo before the tests and ends it after them: Playwright's global setup. */
async function startDemo() {
  const child = spawn(process.execPath, [program], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = await Promise.race([
    once(createInterface(child.stdout), 'line'),
    once(child, 'exit').then(([code]) => Promise.reject(new Error(`The demo ended with ${code} before it was ready.`))),
  ]);
  process.env.CLAWTRUST_DEMO = line;
  return async () => {
    child.kill('SIGTERM');
    await once(child, 'exit');
  };
}

// Playwright asks for a default export.
export { startDemo as default };

export const readDemo = (): Demo => JSON.parse(process.env.CLAWTRUST_DEMO ?? '{}');
