import {
  type DataFrame,
  dateTime,
  EventBusSrv,
  FieldType,
  getDefaultTimeRange,
  LoadingState,
  type PanelProps,
  toDataFrame,
} from '@grafana/data';
import { render, screen } from '@testing-library/react';
import fc from 'fast-check';
import React from 'react';
import { defaultOptions, type TrustMapOptions } from '../options';
import { testIds } from '../test-ids';
import { TrustMapPanel } from './TrustMapPanel';

function propsOf(series: DataFrame[], options: Partial<TrustMapOptions> = {}, error?: string) {
  const timeRange = { ...getDefaultTimeRange(), from: dateTime(0), to: dateTime(1000) };
  const state = error === undefined ? LoadingState.Done : LoadingState.Error;
  const errors = error === undefined ? {} : { errors: [{ message: error }] };
  return {
    data: { series, state, timeRange, ...errors },
    timeRange,
    timeZone: 'utc',
    width: 800,
    height: 400,
    options: { ...defaultOptions, ...options },
    fieldConfig: { defaults: {}, overrides: [] },
    eventBus: new EventBusSrv(),
    onChangeTimeRange: () => undefined,
  } as unknown as PanelProps<TrustMapOptions>;
}

describe('the panel says in a sentence', () => {
  it.each([
    ['that nothing came back', [], undefined, 'No data'],
    ['why the query failed', [], 'parse error', 'The query failed: parse error. Check the query and the data source.'],
    [
      'which label is missing',
      [{ fields: [{ name: 'v', type: FieldType.number, values: [1] }] }],
      undefined,
      /"trust_zone"/,
    ],
    [
      'that there is no number',
      [{ fields: [{ name: 't', type: FieldType.string, values: ['x'] }] }],
      undefined,
      /no number/,
    ],
  ])('%s', (_, frames, error, sentence) => {
    render(
      <TrustMapPanel
        {...propsOf(
          frames.map(frame => toDataFrame(frame)),
          {},
          error
        )}
      />
    );
    expect(screen.getByTestId(testIds.message)).toHaveTextContent(sentence);
  });
});

it('never throws and is never blank, whatever the frames hold', () => {
  const text = fc.oneof(fc.constantFrom('trust_zone', 'signal', 'source_zone', 'decision', 'deny'), fc.string());
  const value = fc.oneof(fc.double(), fc.constant(null), fc.integer(), fc.string());
  const field = fc.record({
    name: text,
    type: fc.constantFrom(FieldType.number, FieldType.time, FieldType.string, FieldType.boolean, FieldType.other),
    values: fc.array(value, { maxLength: 8 }),
    labels: fc.dictionary(text, fc.string(), { maxKeys: 4 }),
  });
  const frames = fc.array(fc.record({ refId: text, fields: fc.array(field, { maxLength: 4 }) }), { maxLength: 4 });
  fc.assert(
    fc.property(frames, fc.constantFrom('lanes' as const, 'flows' as const), (random, mode) => {
      const { container, unmount } = render(
        <TrustMapPanel
          {...propsOf(
            random.map(frame => toDataFrame({ ...frame, fields: frame.fields.map(one => ({ ...one, config: {} })) })),
            { mode }
          )}
        />
      );
      expect(
        container.querySelector(`[data-testid="${testIds.panel}"], [data-testid="${testIds.message}"]`)
      ).not.toBeNull();
      unmount();
    }),
    { numRuns: 150 }
  );
});
