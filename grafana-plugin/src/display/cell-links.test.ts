import type { InterpolateFunction, ScopedVars } from '@grafana/data';
import { readExemplars } from '../model/exemplars';
import { exemplarFrame } from '../testing/frames';
import { cellLinks } from './cell-links';

const cell = { zone: 'R&D "1"', signal: 'auth_failures', from: 1000, to: 2000 };
const [exemplar] = readExemplars(
  [exemplarFrame([{ Time: 1, trace_id: 'abc', span_id: 'def', trust_zone: 'a', signal: 's' }])],
  { zone: 'trust_zone', signal: 'signal' }
);

/** As Grafana replaces fields of a scoped variable: with their own format, else with the one that is given. */
const replaceVariables: InterpolateFunction = (text, scoped: ScopedVars = {}, format) =>
  text.replace(/\$\{cell\.(\w+)(?::(\w+))?\}/g, (_, name: string, own = format) => {
    const value = String(scoped.cell?.value[name]);
    return own === 'percentencode' ? encodeURIComponent(value) : value;
  });
const links = (options: { documentsLink?: string; traceLink?: string }, exemplars = [exemplar!]) =>
  cellLinks(cell, exemplars, { documentsLink: '', traceLink: '', ...options }, replaceVariables);

describe('the links of a cell', () => {
  it('are none without templates', () => {
    expect(links({})).toEqual([]);
  });

  it('lead to its documents, with percent-encoded values', () => {
    const template =
      'https://kibana.example/d?q=${cell.zone}&s=${cell.signal}&t=${cell.from}-${cell.to}&id=${cell.trace_id}';
    expect(links({ documentsLink: template })).toEqual([
      {
        href: 'https://kibana.example/d?q=R%26D%20%221%22&s=auth_failures&t=1000-2000&id=abc',
        title: 'Documents',
        target: '_blank',
        origin: undefined,
      },
    ]);
  });

  it('lead to documents also where there is no trace', () => {
    expect(links({ documentsLink: '/d?t=${cell.trace_id}', traceLink: '/t' }, [])).toMatchObject([{ href: '/d?t=' }]);
  });

  it('lead to the trace of each exemplar', () => {
    expect(links({ traceLink: '/t/${cell.trace_id}/${cell.span_id}' })).toMatchObject([
      { href: '/t/abc/def', title: 'Trace abc' },
    ]);
  });

  it('are those of the data source, where it has some', () => {
    const field = {
      ...exemplar!.field,
      config: { links: [{ title: 'Tempo', url: '' }] },
      getLinks: () => [{ href: '/explore', title: 'Tempo', target: undefined, origin: {} }],
    };
    expect(links({ traceLink: '/t' }, [{ ...exemplar!, field } as never])).toMatchObject([
      { href: '/explore', title: 'Tempo abc' },
    ]);
  });

  it('run no script', () => {
    expect(links({ documentsLink: 'javascript:alert(1)' })).toMatchObject([{ href: 'about:blank' }]);
  });
});
