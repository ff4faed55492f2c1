import type { Demo } from '../../host/demo.mjs';

/** Starts the demo before the tests and ends it after them: Playwright's global setup. */
async function setUp() {
  const { startDemo } = await import('../../host/demo.mjs');
  const { demo, stop } = await startDemo();
  process.env.CLAWTRUST_DEMO = JSON.stringify(demo);
  return stop;
}

// Playwright asks for a default export.
export { setUp as default };

export const readDemo = (): Demo => JSON.parse(process.env.CLAWTRUST_DEMO ?? '{}');
