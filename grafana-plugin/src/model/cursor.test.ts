import { moveCursor } from './cursor';

const field = { rows: 10, columns: 50, pageRows: 4 };
const from = (row: number, column: number, key: string) => moveCursor({ row, column }, key, field);

describe('the cursor', () => {
  it('begins on the newest cell of the first row, whichever key moves it', () => {
    expect(moveCursor(undefined, 'ArrowDown', field)).toEqual({ row: 0, column: 49 });
  });

  it.each([
    ['ArrowUp', { row: 4, column: 20 }],
    ['ArrowDown', { row: 6, column: 20 }],
    ['ArrowLeft', { row: 5, column: 19 }],
    ['ArrowRight', { row: 5, column: 21 }],
    ['Home', { row: 5, column: 0 }],
    ['End', { row: 5, column: 49 }],
    ['PageUp', { row: 1, column: 20 }],
    ['PageDown', { row: 9, column: 20 }],
  ])('goes by %s', (key, cell) => {
    expect(from(5, 20, key)).toEqual(cell);
  });

  it('stays inside', () => {
    expect(from(0, 0, 'ArrowUp')).toEqual({ row: 0, column: 0 });
    expect(from(9, 49, 'ArrowRight')).toEqual({ row: 9, column: 49 });
  });

  it('stays where it is at other keys, and where there is no cell', () => {
    expect(from(5, 20, 'a')).toBeUndefined();
    expect(from(5, 20, 'toString')).toBeUndefined();
    expect(moveCursor(undefined, 'ArrowDown', { ...field, rows: 0 })).toBeUndefined();
  });
});
