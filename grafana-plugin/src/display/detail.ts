import type { Band } from './band';

interface DetailLine {
  readonly name: string;
  readonly value: string;
  readonly color?: string;
  /** Drawn under the line. */
  readonly band?: Band | undefined;
}

/** The content of a card: a title, lines of name and value, remarks. */
export interface Detail {
  readonly title: string;
  readonly subtitle: string;
  readonly lines: readonly DetailLine[];
  readonly remarks: readonly string[];
}
