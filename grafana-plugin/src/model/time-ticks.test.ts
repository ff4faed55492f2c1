import { dateTimeForTimeZone, dateTimeFormat } from '@grafana/data';
import { timeTicks } from './time-ticks';

const at = (text: string) => Date.parse(text);
const iso = (times: readonly number[]) => times.map(time => new Date(time).toISOString());

const utc = () => 0;
/** The ticks of a range, as the clock of the time zone shows them. */
const clock = (timeZone: string, from: string, to: string, width: number, format = 'MM-DD HH:mm') =>
  timeTicks({ from: at(from), to: at(to) }, width, 90, time =>
    dateTimeForTimeZone(timeZone, time).utcOffset()
  ).times.map(time => dateTimeFormat(time, { timeZone, format }));

describe('ticks', () => {
  it('lie on round times, as close as the gap allows', () => {
    const span = { from: at('2026-11-20T11:07:00Z'), to: at('2026-11-20T12:03:00Z') };
    const { times, format } = timeTicks(span, 600, 90, utc);
    expect(iso(times)).toEqual(
      ['11:10', '11:20', '11:30', '11:40', '11:50', '12:00'].map(time => `2026-11-20T${time}:00.000Z`)
    );
    expect(format).toBe('HH:mm');
  });

  it("begin days at the reader's midnight", () => {
    const span = { from: at('2026-11-17T00:00:00Z'), to: at('2026-11-20T00:00:00Z') };
    expect(iso(timeTicks(span, 300, 90, () => 60).times)[0]).toBe('2026-11-17T23:00:00.000Z');
  });

  it('tell milliseconds apart in a range of a second', () => {
    const { times, format } = timeTicks({ from: 0, to: 1000 }, 1000, 90, utc);
    expect(times).toEqual([0, 100, 200, 300, 400, 500, 600, 700, 800, 900, 1000]);
    expect(format).toBe('HH:mm:ss.SSS');
  });

  it('begin months and years by the calendar', () => {
    const decade = { from: at('2016-11-22T00:00:00Z'), to: at('2026-11-20T00:00:00Z') };
    const { times, format } = timeTicks(decade, 1100, 90, utc);
    expect(iso(times).map(time => time.slice(4))).toEqual(Array(10).fill('-01-01T00:00:00.000Z'));
    expect(format).toBe('YYYY');
    const quarters = timeTicks({ from: at('2026-01-10T00:00:00Z'), to: at('2026-12-31T00:00:00Z') }, 400, 90, utc);
    expect(iso(quarters.times).map(time => time.slice(0, 10))).toEqual(['2026-04-01', '2026-07-01', '2026-10-01']);
  });

  it.each([
    [0, 0],
    [0, 1],
    [-8.64e15, 8.64e15],
    [0, Number.MAX_SAFE_INTEGER],
  ])('are few also from %d to %d', (from, to) => {
    expect(timeTicks({ from, to }, 900, 90, utc).times.length).toBeLessThanOrEqual(1000);
  });
});

describe('ticks through a change of the clock', () => {
  it.each([
    ['to daylight saving time', '2026-03-27T23:00:00Z', '2026-03-31T22:00:00Z', ['03-28', '03-29', '03-30', '03-31']],
    ['from daylight saving time', '2026-10-23T22:00:00Z', '2026-10-27T23:00:00Z', ['10-24', '10-25', '10-26', '10-27']],
  ])('%s begin every day at midnight', (_, from, to, days) => {
    const ticks = clock('Europe/Berlin', from, to, 450);
    expect(ticks.slice(0, 4)).toEqual(days.map(day => `${day} 00:00`));
    expect(ticks.every(tick => tick.endsWith('00:00'))).toBe(true);
  });

  it('lie on hours that the step divides, on both sides', () => {
    expect(clock('Europe/Berlin', '2026-03-28T17:00:00Z', '2026-03-29T16:00:00Z', 500)).toEqual([
      '03-28 18:00',
      '03-29 00:00',
      '03-29 06:00',
      '03-29 12:00',
      '03-29 18:00',
    ]);
    expect(clock('America/New_York', '2026-11-01T04:00:00Z', '2026-11-01T18:00:00Z', 500)).toEqual([
      '11-01 00:00',
      '11-01 03:00',
      '11-01 06:00',
      '11-01 09:00',
      '11-01 12:00',
    ]);
  });

  it('skip the hour that the clock skips, and show twice the hour that it repeats', () => {
    expect(clock('Europe/Berlin', '2026-03-29T00:00:00Z', '2026-03-29T03:00:00Z', 300, 'HH:mm')).toEqual([
      '01:00',
      '03:00',
      '04:00',
      '05:00',
    ]);
    expect(clock('Europe/Berlin', '2026-10-24T23:00:00Z', '2026-10-25T02:00:00Z', 300, 'HH:mm')).toEqual([
      '01:00',
      '02:00',
      '02:00',
      '03:00',
    ]);
  });

  it('never lie so close that their labels overlap', () => {
    const ticks = clock('Europe/London', '2026-03-28T22:00:00Z', '2026-03-29T08:00:00Z', 520, 'HH:mm');
    expect(ticks).toEqual(['22:00', '00:00', '04:00', '06:00', '08:00']);
  });

  it('begin a day without a midnight where its clock starts', () => {
    const days = clock('America/Santiago', '2026-09-04T04:00:00Z', '2026-09-07T12:00:00Z', 400);
    expect(days).toEqual(['09-04 00:00', '09-05 00:00', '09-06 01:00', '09-07 00:00']);
  });

  it('begin months at midnight in summer and in winter', () => {
    const months = clock('Europe/Berlin', '2026-01-15T00:00:00Z', '2026-12-15T00:00:00Z', 1100);
    expect(months).toHaveLength(11);
    expect(months.every(month => month.endsWith('01 00:00'))).toBe(true);
  });

  it('are few also in a second in which the clock is changed', () => {
    expect(clock('Europe/Berlin', '2026-10-25T00:59:59.500Z', '2026-10-25T01:00:00.500Z', 450)).toHaveLength(5);
  });
});
