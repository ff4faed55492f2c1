import { dateTime, FieldType, toDataFrame } from '@grafana/data';
import { fireEvent, render, screen } from '@testing-library/react';
import fc from 'fast-check';
import React from 'react';
import { testIds } from './core/test-ids';
import { propsOf } from './testing/props';
import { TrustMapPanel } from './TrustMapPanel';

const name = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom('a', 'b', 'deny', 'allow', '__proto__', '<b>', '\u202Ex', 'x'.repeat(5000)) },
  { weight: 1, arbitrary: fc.string() }
);
const ours = ['trust_zone', 'signal', 'source_zone', 'destination_zone', 'decision'];
const labels = fc.oneof(
  fc.tuple(...ours.map(() => name)).map(values => Object.fromEntries(ours.map((label, at) => [label, values[at]!]))),
  fc.dictionary(fc.oneof(fc.constantFrom(...ours), fc.string()), name, { maxKeys: 4 })
);
const value = fc.oneof(fc.double(), fc.constantFrom(null, undefined, 0, 95, Infinity), fc.integer(), fc.string());
const time = fc.oneof(fc.integer({ min: -1000, max: 2000 }), fc.double(), fc.constant(null));
const otherType = fc.constantFrom(FieldType.string, FieldType.boolean, FieldType.other, FieldType.time);
const field = fc.record({
  name: fc.oneof(fc.constantFrom(...ours), fc.string()),
  type: fc.oneof({ weight: 5, arbitrary: fc.constant(FieldType.number) }, { weight: 1, arbitrary: otherType }),
  values: fc.array(value, { maxLength: 8 }),
  labels,
  config: fc.constantFrom({}, { unit: 'percent' }, { min: 1, max: 1 }, { thresholds: { mode: 'absolute', steps: [] } }),
});
const frame = fc.record({
  refId: fc.constantFrom('A', 'B', 'observed', 'upper', 'contribution', 'earlier', ''),
  fields: fc
    .tuple(fc.array(time, { minLength: 1, maxLength: 8 }), fc.array(field, { minLength: 1, maxLength: 4 }))
    .map(([times, rest]) => [{ name: 'Time', type: FieldType.time, values: times, config: {} }, ...rest]),
});
type Pair = readonly [number, number];
const ranges = fc.constantFrom<Pair[]>([0, 1000], [0, 0], [0, 1], [1000, 0], [0, 3.2e11], [-8.64e15, 8.64e15]);
const sizes = fc.constantFrom<Pair[]>([800, 400], [0, 0], [1, 1], [120, 80], [5000, 30]);

it('never throws and is never blank, whatever the frames hold and however it is used', () => {
  let pictures = 0;
  const question = fc.record({
    frames: fc.array(frame, { minLength: 1, maxLength: 5 }),
    mode: fc.constantFrom('lanes' as const, 'flows' as const),
    range: ranges,
    size: sizes,
    keys: fc.array(fc.constantFrom('ArrowDown', 'ArrowLeft', 'PageDown', 'End', 'Enter', 'Escape'), { maxLength: 4 }),
  });
  fc.assert(
    fc.property(question, ({ frames, mode, range, size, keys }) => {
      const props = propsOf(
        frames.map(one => toDataFrame(one as Parameters<typeof toDataFrame>[0])),
        { mode },
        { annotations: frames.map(one => toDataFrame(one as Parameters<typeof toDataFrame>[0])) },
        { width: size[0], height: size[1] }
      );
      const timeRange = { ...props.timeRange, from: dateTime(range[0]), to: dateTime(range[1]) };
      const { container, unmount } = render(<TrustMapPanel {...props} timeRange={timeRange} />);
      const shown = container.querySelector(`[data-testid="${testIds.panel}"], [data-testid="${testIds.message}"]`);
      expect(shown).not.toBeNull();
      const grid = screen.queryByTestId(testIds.grid);
      if (grid !== null) {
        pictures++;
        fireEvent.pointerMove(grid.parentElement!);
        keys.forEach(key => fireEvent.keyDown(grid, { key }));
      }
      unmount();
    }),
    { numRuns: 300 }
  );
  expect(pictures).toBeGreaterThan(60);
}, 60_000);
