import { bandOf } from './band';

describe('the band beside an observed value', () => {
  it('shares a scale that begins at zero', () => {
    expect(bandOf(100, 10, 50)).toEqual({ lower: 0.1, upper: 0.5, observed: 1 });
    expect(bandOf(20, 10, 50)).toEqual({ lower: 0.2, upper: 1, observed: 0.4 });
  });

  it('reaches below zero where a value does', () => {
    expect(bandOf(0, -50, 50)).toEqual({ lower: 0, upper: 1, observed: 0.5 });
  });

  it.each([
    [undefined, 1, 2],
    [1, undefined, 2],
    [0, 0, 0],
    [1, 5, 2],
    [Number.POSITIVE_INFINITY, 1, 2],
    [Number.NaN, 1, 2],
  ])('is not drawn for %s between %s and %s', (observed, lower, upper) => {
    expect(bandOf(observed, lower, upper)).toBeUndefined();
  });
});
