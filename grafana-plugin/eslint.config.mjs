import { defineConfig } from 'eslint/config';
import baseConfig from './.config/eslint.config.mjs';

export default defineConfig([
  { ignores: ['**/node_modules/', '**/dist/', 'test-results/', 'playwright-report/', '.config/'] },
  ...baseConfig,
  { rules: { curly: 'off', '@typescript-eslint/array-type': 'off' } },
]);
