const panel = require('../jest.config');

/** Tests of what the build made, which is read as a user's Grafana would find it. */
module.exports = {
  rootDir: '..',
  testEnvironment: 'node',
  testMatch: ['<rootDir>/check/**/*.test.ts'],
  transform: panel.transform,
};
