import type { Demo } from '../../host/demo.mjs';

/**
 * Marks the tests of what the demo's servers do while they run, which wait a minute for it: they run after all others, so that
 * these do not wait too.
 */
export const LIVE = '@live';

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
