/** What a value looks like. */
export interface Shade {
  /** A CSS colour. */
  readonly color: string;
  /** Severity from 0 (lowest threshold step) to 100 (highest): comparable between fields with other thresholds. */
  readonly rank: number;
}

/** Value to shade, by the field's standard options (../display/palette makes it). */
export type Palette = (value: number) => Shade;

/** The colours of a model, each once: cells name them by index. Index 0 is kept for the empty cell. */
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
