import type { ZoneGroup } from './groups';
import type { Lane } from './lanes';
import { listRows, rowAt, visibleRows } from './rows';

const group = (zone: string, ...lanes: string[]) =>
  ({ zone, lanes: lanes.map(name => ({ name }) as Lane), summary: { cells: {} } }) as unknown as ZoneGroup;
const groups = [group('a', '1', '2', '3'), group('b', '1', '2')];
const HEIGHT = 20;

describe('rows', () => {
  it('are a header and the lanes of each zone; a collapsed zone is its header alone', () => {
    expect(listRows(groups, new Set()).map(({ kind }) => kind)).toEqual([
      'zone',
      'lane',
      'lane',
      'lane',
      'zone',
      'lane',
      'lane',
    ]);
    expect(listRows(groups, new Set(['a'])).map(({ kind }) => kind)).toEqual(['zone', 'zone', 'lane', 'lane']);
  });

  it('are placed only where the window shows them', () => {
    const many = listRows([group('a', ...Array.from({ length: 2000 }, (_, at) => String(at)))], new Set());
    const placed = visibleRows(many, HEIGHT, 10_010, 200);
    expect(placed).toHaveLength(12);
    expect(placed[0]).toMatchObject({ index: 500, y: -10 });
  });

  it('keep the header of the zone at the top in sight, until the next one pushes it out', () => {
    const rows = listRows(groups, new Set());
    expect(visibleRows(rows, HEIGHT, 25, 60).at(-1)).toMatchObject({ index: 0, y: 0 });
    expect(visibleRows(rows, HEIGHT, 70, 60).at(-1)).toMatchObject({ index: 0, y: -10 });
    expect(visibleRows(rows, HEIGHT, 80, 60).at(-1)?.index).not.toBe(0);
  });

  it('are found under a point, the pinned header before what it covers', () => {
    const placed = visibleRows(listRows(groups, new Set()), HEIGHT, 25, 60);
    expect(rowAt(placed, HEIGHT, 5)?.index).toBe(0);
    expect(rowAt(placed, HEIGHT, 22)?.index).toBe(2);
    expect(rowAt(placed, HEIGHT, 1000)).toBeUndefined();
  });
});
