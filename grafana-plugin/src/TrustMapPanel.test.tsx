import { DataHoverEvent, EventBusSrv, FieldType, LoadingState, toDataFrame } from '@grafana/data';
import { act, fireEvent, render, screen, within } from '@testing-library/react';
import React from 'react';
import { exemplarFrame, seriesFrame } from './testing/frames';
import { testIds } from './core/test-ids';
import { failedWith, propsOf } from './testing/props';
import { defaultThresholds } from './core/thresholds';
import { TrustMapPanel } from './TrustMapPanel';

const times = [200, 400, 600, 800, 1000];
const lane = (trust_zone: string, signal: string, ...values: Array<number | null>) =>
  seriesFrame({ trust_zone, signal }, times, values, 'A', {
    color: { mode: 'thresholds' },
    thresholds: defaultThresholds,
  });
const show = (...given: Parameters<typeof propsOf>) => render(<TrustMapPanel {...propsOf(...given)} />);
const labels = () => screen.getAllByTestId(testIds.rowLabel).map(({ textContent }) => textContent);
const number = (values: number[], more = {}) =>
  toDataFrame({ fields: [{ name: 'v', type: FieldType.number, values, ...more }] });

describe('the panel says in a sentence', () => {
  it.each([
    ['that nothing came back', [], {}, 'No data'],
    ['that it is loading', [], { state: LoadingState.Loading }, 'Loading data…'],
    ['why the query failed', [], failedWith('parse error'), 'The query failed: parse error. Check the query'],
    ['which label is missing', [number([1])], {}, /No series has the label "trust_zone"/],
    ['that there is no number', [toDataFrame({ fields: [{ name: 't', values: ['x'] }] })], {}, /no number field/],
    ['that there are no samples', [lane('a', 's', null, null)], {}, /no numbers in this time range/],
  ])('%s', (_, frames, data, sentence) => {
    show(frames, {}, data);
    expect(screen.getByTestId(testIds.message)).toHaveTextContent(sentence);
  });

  it('in the words of "no value", where they are set', () => {
    show([], {}, {}, { fieldConfig: { defaults: { noValue: 'All quiet' }, overrides: [] } });
    expect(screen.getByTestId(testIds.message)).toHaveTextContent('All quiet');
  });

  it('what is missing from the picture, above it', () => {
    show([lane('a', 's', 1, 2), number([1])]);
    expect(screen.getByTestId(testIds.notice)).toHaveTextContent('1 of 2 series lack the label "trust_zone"');
    expect(labels()).toEqual(['a', 's']);
  });

  it('that a later query failed, above what came back', () => {
    show([lane('a', 's', 1, 2)], {}, failedWith('timed out'));
    expect(screen.getByTestId(testIds.notice)).toHaveTextContent('The last query failed (timed out)');
  });
});

describe('lanes', () => {
  it('are ordered by the worst now, and tell a zone that was strange by its worst', () => {
    show([lane('b', 's', 95, 1), lane('a', 's', 1, 1, 1, 1, 1), lane('c', 's', 1, 1, 1, 1, 80)]);
    expect(labels()[0]).toMatch(/^c/);
    expect(screen.getAllByTestId(testIds.peak).map(({ title }) => title)).toContain('Highest in the time range: 95');
  });

  it('take the display name of their series, and are found by it', () => {
    show([seriesFrame({ trust_zone: 'a', signal: 's' }, times, [1, 2], 'A', { displayName: 'Sign-ins' })]);
    expect(labels()).toEqual(['a', 'Sign-ins']);
    fireEvent.change(screen.getByTestId(testIds.filter), { target: { value: 'sign-ins' } });
    expect(labels()).toEqual(['a', 'Sign-ins']);
  });

  it('show units of their own side by side', () => {
    const config = (unit: string) => ({ unit, decimals: 0 });
    show([
      seriesFrame({ trust_zone: 'a', signal: 'share' }, times, [1, 2, 3, 4, 50], 'A', config('percent')),
      seriesFrame({ trust_zone: 'a', signal: 'time' }, times, [1, 2, 3, 4, 5], 'A', config('s')),
    ]);
    const values = screen.getAllByTestId(testIds.rowValue).map(({ textContent }) => textContent);
    expect(values).toEqual(expect.arrayContaining(['50%', '5 s']));
  });

  it('say in the legend that some have steps of their own', () => {
    const given = [lane('a', 'score', 1), lane('a', 'other score', 1)];
    const { unmount } = show(given);
    expect(screen.getByTestId(testIds.legend)).not.toHaveTextContent('steps of their own');
    unmount();
    show([seriesFrame({ trust_zone: 'a', signal: 'lag' }, times, [1], 'A', { unit: 's' }), ...given]);
    expect(screen.getByTestId(testIds.legend)).toHaveTextContent(/≥ 85.*Some lanes have their own thresholds/);
  });

  it('put only those into the page that the window shows, of two thousand', () => {
    show(Array.from({ length: 2000 }, (_, at) => lane(`zone-${at % 20}`, `signal-${at}`, at % 100)));
    expect(screen.getByTestId(testIds.grid)).toHaveAttribute('aria-rowcount', '2021');
    expect(labels().length).toBeGreaterThan(10);
    expect(labels().length).toBeLessThan(30);
  });

  it('are read from an instant frame, which fills the range', () => {
    show([number([95], { labels: { trust_zone: 'a', signal: 's' } })]);
    expect(within(screen.getByTestId(testIds.panel)).getAllByTestId(testIds.rowValue)[0]).toHaveTextContent('95');
  });

  it('open and close zones by real buttons', () => {
    show([lane('a', 's', 1, 2)]);
    const button = screen.getByRole('button', { name: 'Collapse zone a' });
    expect(button).toHaveAttribute('aria-expanded', 'true');
    fireEvent.click(button);
    expect(labels()).toEqual(['a']);
    expect(screen.getByRole('button', { name: 'Expand zone a' })).toHaveAttribute('aria-expanded', 'false');
  });

  it('start collapsed where that is set', () => {
    show([lane('a', 's', 1, 2), lane('b', 's', 1, 2)], { startCollapsed: true });
    expect(labels()).toEqual(['a', 'b']);
  });
});

describe('the crosshair', () => {
  const crosshairs = () =>
    (screen.getByTestId(testIds.overlay) as HTMLCanvasElement)
      .getContext('2d')!
      .__getDrawCalls()
      .filter(({ type }) => type === 'fillText')
      .map(({ props }) => props.text);

  it("stands where another panel's pointer is", () => {
    const eventBus = new EventBusSrv();
    show([lane('a', 's', 1, 2)], {}, {}, { eventBus });
    expect(crosshairs()).toEqual([]);
    act(() => eventBus.publish(new DataHoverEvent({ point: { time: 500 } })));
    expect(crosshairs()).toEqual(['1970-01-01 00:00:00']);
  });

  it('is told to other panels', () => {
    const eventBus = new EventBusSrv();
    const told: unknown[] = [];
    eventBus.getStream(DataHoverEvent).subscribe(({ payload }) => told.push(payload.point.time));
    show([lane('a', 's', 1, 2)], {}, {}, { eventBus });
    const move = new MouseEvent('pointermove', { bubbles: true, clientX: 400, clientY: 60 });
    fireEvent(screen.getByTestId(testIds.lanes), move);
    expect(told).toHaveLength(1);
  });
});

describe('the keyboard', () => {
  const press = (...keys: string[]) =>
    keys.forEach(key => fireEvent.keyDown(screen.getByTestId(testIds.grid), { key }));
  const spoken = () => screen.getByTestId(testIds.announcement).textContent;

  it('speaks the cell that it is on', () => {
    show([lane('a', 's', 1, 2, 3, 4, 95)]);
    press('ArrowDown', 'ArrowDown', 'ArrowDown');
    expect(spoken()).toBe('trust zone a, signal s, 1970-01-01 00:00:01, 95, highest severity');
    press('Home');
    expect(spoken()).toMatch(/00:00:00, 1$/);
  });

  it('leaves with Escape', () => {
    show([lane('a', 's', 1, 2)]);
    press('ArrowDown');
    expect(spoken()).toMatch(/^Overall/);
    press('Escape');
    expect(spoken()).toBe('');
  });
});

describe('the exemplars of a cell', () => {
  const [trace, other] = ['4bf92f3577b34da6a3ce929d0e0e4736', 'a3ce929d0e0e47364bf92f3577b34da6'];
  const row = (Time: number, trace_id: string) => ({ Time, trace_id, trust_zone: 'a', signal: 's' });
  const openCell = () =>
    ['ArrowDown', 'ArrowDown', 'ArrowDown', 'Enter'].forEach(key =>
      fireEvent.keyDown(screen.getByTestId(testIds.grid), { key })
    );
  const replaceVariables = (text: string, { cell }: { cell: { value: Record<string, string | number> } }) =>
    text.replace(/\$\{cell\.(\w+)\}/g, (_, name: string) => encodeURIComponent(cell.value[name]!));

  it('are shown in its card, with links to their traces and to the documents', () => {
    const annotations = [exemplarFrame([row(950, trace), row(50, other)])];
    const options = { documentsLink: '/docs?zone=${cell.zone}&to=${cell.to}', traceLink: '/traces/${cell.trace_id}' };
    show([lane('a', 's', 1, 2, 3, 4, 95)], options, { annotations }, { replaceVariables } as never);
    openCell();
    const card = screen.getByTestId(testIds.detail);
    expect(card).toHaveTextContent(trace);
    expect(card).not.toHaveTextContent(other);
    const links = within(card).getAllByRole('link');
    expect(links.map(link => link.getAttribute('href'))).toEqual(['/docs?zone=a&to=1000', `/traces/${trace}`]);
    expect(links[1]).toHaveTextContent(`Trace ${trace}`);
  });

  it('are no annotations, and add no link without a template', () => {
    show([lane('a', 's', 1, 2, 3, 4, 95)], {}, { annotations: [exemplarFrame([row(950, trace)])] });
    openCell();
    const card = screen.getByTestId(testIds.detail);
    expect(card).toHaveTextContent(trace);
    expect(within(card).queryAllByRole('link')).toEqual([]);
  });
});

it('moves nothing by itself, which readers who asked for less motion would have to bear', () => {
  const { container } = show([lane('a', 's', 1, 2)]);
  const moving = [...container.querySelectorAll('*')].filter(element => {
    const { animationName, transitionDuration } = getComputedStyle(element);
    return !['', 'none'].includes(animationName) || !['', '0s'].includes(transitionDuration);
  });
  expect(moving).toEqual([]);
});
