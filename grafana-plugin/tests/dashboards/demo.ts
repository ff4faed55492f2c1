import type { Demo } from '../../host/demo.mjs';

/** Those that the specs look at: what comes after them would take the longer to be written the later in the day it is. */
const PAST_HOURS = 13;

/** Starts the demo before the tests and ends it after them: Playwright's global setup. */
async function setUp() {
  const { startDemo } = await import('../../host/demo.mjs');
  const { demo, stop } = await startDemo(PAST_HOURS);
  process.env.CLAWTRUST_DEMO = JSON.stringify(demo);
  return stop;
}

// Playwright asks for a default export.
export { setUp as default };

export const readDemo = (): Demo => JSON.parse(process.env.CLAWTRUST_DEMO ?? '{}');
