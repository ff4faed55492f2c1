/** The look of a value. */
export interface Shade {
  /** A CSS colour. */
  readonly color: string;
  /** Severity from 0 (lowest threshold step) to 100 (highest): comparable between fields with different thresholds. */
  readonly rank: number;
}

/** Value to shade, by the field's standard options (created by ../display/palette). */
export type Palette = (value: number) => Shade;

/** The colours of a model without duplicates: cells refer to them by index. Index 0 is reserved for the empty cell. */
export class ColorTable {
  readonly colors: string[] = ['transparent'];
  readonly #indexes = new Map<string, number>();

  indexOf(color: string): number {
    let index = this.#indexes.get(color);
    if (index === undefined) {
      index = this.colors.push(color) - 1;
      this.#indexes.set(color, index);
    }
    return index;
  }
}
