import { LoadingState, type PanelData } from '@grafana/data';
import { texts } from '../core/texts';

/** What the panel shows in place of, or above, its picture. */
export type Standing =
  | { readonly kind: 'message'; readonly text: string }
  | { readonly kind: 'picture'; readonly notice: string | undefined };

export interface Content {
  /** Series in the response that the picture can show. */
  readonly shown: number;
  readonly lacking: ReadonlyMap<string, number>;
  /** Whether any of the shown series has a number in the range. */
  readonly hasNumbers: boolean;
}

/**
 * Describes every state of the data in one sentence that says what to do. `noValue` is the field's own text for no
 * data.
 */
export function standingOf(data: PanelData, content: Content, noValue: string | undefined): Standing {
  const failure = data.errors?.[0]?.message;
  const failed = data.state === LoadingState.Error || failure !== undefined;
  const message = (text: string): Standing => ({ kind: 'message', text });
  if (data.series.every(frame => frame.length === 0)) {
    if (failed) {
      return message(texts.queryFailed(failure ?? texts.empty));
    }
    return message(data.state === LoadingState.Loading ? texts.loading : noValue || texts.noData);
  }
  const lacks = [...content.lacking].sort((a, b) => b[1] - a[1])[0];
  if (content.shown === 0) {
    return message(lacks === undefined ? texts.noNumbers : texts.missingLabel(lacks[0]));
  }
  if (!content.hasNumbers) {
    return message(texts.noSamples);
  }
  if (failed) {
    return { kind: 'picture', notice: texts.staleAfterError(failure ?? texts.empty) };
  }
  const lackingCount = [...content.lacking.values()].reduce((sum, count) => sum + count, 0);
  const notice = lacks && texts.someLackLabel(lackingCount, content.shown + lackingCount, lacks[0]);
  return { kind: 'picture', notice };
}
