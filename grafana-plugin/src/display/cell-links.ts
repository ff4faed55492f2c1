import { type InterpolateFunction, type LinkModel, textUtil } from '@grafana/data';
import type { Exemplar } from '../model/exemplars';
import type { TrustMapOptions } from '../core/options';
import { texts } from '../core/texts';
import { linksOf } from './lane-detail';

/** What the templates of a cell's links may name: `${cell.zone}`, and the like. */
export interface CellValues {
  readonly zone: string;
  readonly signal: string;
  /** Milliseconds since 1970. */
  readonly from: number;
  readonly to: number;
}

/** The links of a cell to its documents and to the traces of its exemplars. */
export function cellLinks(
  cell: CellValues,
  exemplars: readonly Exemplar[],
  { documentsLink, traceLink }: Pick<TrustMapOptions, 'documentsLink' | 'traceLink'>,
  replaceVariables: InterpolateFunction
): LinkModel[] {
  const follow = (template: string, title: string, exemplar: Exemplar | undefined): LinkModel[] => {
    if (template.trim() === '') {
      return [];
    }
    const value = { ...cell, trace_id: exemplar?.traceId ?? '', span_id: exemplar?.spanId ?? '' };
    // Values are data: a variable without a format of its own is percent-encoded.
    const url = replaceVariables(template.trim(), { cell: { value, text: cell.zone } }, 'percentencode');
    return [{ href: textUtil.sanitizeUrl(url), title, target: '_blank', origin: undefined }];
  };
  const traces = exemplars.flatMap(exemplar => {
    const title = (link: string) => `${link} ${exemplar.traceId}`;
    const own = linksOf(exemplar.field, exemplar.row).map(link => ({ ...link, title: title(link.title) }));
    return own.length > 0 ? own : follow(traceLink, title(texts.trace), exemplar);
  });
  return [...follow(documentsLink, texts.documents, exemplars[0]), ...traces];
}
