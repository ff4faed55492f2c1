// Dates in expectations are UTC, wherever the tests run.
process.env.TZ = 'UTC';

const scaffold = require('./.config/jest.config');
const [[, transformer]] = Object.entries(scaffold.transform);

module.exports = {
  ...scaffold,
  // The scaffold's pattern leaves out .mjs files, which d3-color ships.
  transform: { '^.+\\.m?(t|j)sx?$': transformer },
  modulePathIgnorePatterns: ['<rootDir>/host/', '<rootDir>/dist/'],
};
