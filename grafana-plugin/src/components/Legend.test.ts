import { legendHeight } from './Legend';

const steps = ['< 30', '≥ 30', '≥ 50', '≥ 75', '≥ 90'].map(label => ({ label, color: '#000000', rank: 0 }));
const legend = { steps, title: 'Severity', keys: ['empty'] as const, note: undefined };

it('the legend takes one line where it fits, more where it does not, and never the whole panel', () => {
  const height = (width: number) => legendHeight(legend, width);
  expect(height(1400)).toBe(22);
  expect(height(400)).toBe(44);
  expect(height(0)).toBe(66);
});
