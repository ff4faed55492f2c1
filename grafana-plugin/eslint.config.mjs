import { defineConfig } from 'eslint/config';
import baseConfig from './.config/eslint.config.mjs';

export default defineConfig([
  { ignores: ['**/node_modules/', '**/dist/', 'test-results/', 'playwright-report/', '.config/', 'host/page.tsx'] },
  ...baseConfig,
  {
    rules: {
      curly: 'off',
      '@typescript-eslint/array-type': 'off',
      // Rules of the React Compiler, which this bundle is not built with.
      'react-hooks/preserve-manual-memoization': 'off',
      'react-hooks/refs': 'off',
    },
  },
]);
