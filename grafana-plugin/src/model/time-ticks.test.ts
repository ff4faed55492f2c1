import { timeTicks } from './time-ticks';

const at = (text: string) => Date.parse(text);
const iso = (times: readonly number[]) => times.map(time => new Date(time).toISOString());

describe('ticks', () => {
  it('lie on round times, as close as the gap allows', () => {
    const span = { from: at('2026-11-20T11:07:00Z'), to: at('2026-11-20T12:03:00Z') };
    const { times, format } = timeTicks(span, 600, 90, 0);
    expect(iso(times)).toEqual(
      ['11:10', '11:20', '11:30', '11:40', '11:50', '12:00'].map(time => `2026-11-20T${time}:00.000Z`)
    );
    expect(format).toBe('HH:mm');
  });

  it("begin days at the reader's midnight", () => {
    const span = { from: at('2026-11-17T00:00:00Z'), to: at('2026-11-20T00:00:00Z') };
    expect(iso(timeTicks(span, 300, 90, 60).times)[0]).toBe('2026-11-17T23:00:00.000Z');
  });

  it('tell milliseconds apart in a range of a second', () => {
    const { times, format } = timeTicks({ from: 0, to: 1000 }, 1000, 90, 0);
    expect(times).toEqual([0, 100, 200, 300, 400, 500, 600, 700, 800, 900, 1000]);
    expect(format).toBe('HH:mm:ss.SSS');
  });

  it('begin months and years by the calendar', () => {
    const decade = { from: at('2016-11-22T00:00:00Z'), to: at('2026-11-20T00:00:00Z') };
    const { times, format } = timeTicks(decade, 1100, 90, 0);
    expect(iso(times).map(time => time.slice(4))).toEqual(Array(10).fill('-01-01T00:00:00.000Z'));
    expect(format).toBe('YYYY');
    const quarters = timeTicks({ from: at('2026-01-10T00:00:00Z'), to: at('2026-12-31T00:00:00Z') }, 400, 90, 0);
    expect(iso(quarters.times).map(time => time.slice(0, 10))).toEqual(['2026-04-01', '2026-07-01', '2026-10-01']);
  });

  it.each([
    [0, 0],
    [0, 1],
    [-8.64e15, 8.64e15],
    [0, Number.MAX_SAFE_INTEGER],
  ])('are few also from %d to %d', (from, to) => {
    expect(timeTicks({ from, to }, 900, 90, 0).times.length).toBeLessThanOrEqual(1000);
  });
});
