import { css } from '@emotion/css';
import type { GrafanaTheme2, LinkModel } from '@grafana/data';
import { IconButton, Portal, useStyles2 } from '@grafana/ui';
import React, { useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { Detail } from '../display/detail';
import { legible } from '../display/format';
import { testIds } from '../core/test-ids';
import { texts } from '../core/texts';
import { BandBar } from './BandBar';

interface Props {
  readonly detail: Detail;
  /** The point that the card belongs to, in pixels of the viewport. */
  readonly x: number;
  readonly y: number;
  /** A pinned card stays open, shows the links of its cell and takes the focus. */
  readonly pinned?: { readonly links: readonly LinkModel[]; readonly onClose: () => void };
}

const DISTANCE = 12;

/** The tooltip of a cell. Every string in it is data and is rendered as text. */
export function DetailCard({ detail, x, y, pinned }: Props) {
  const styles = useStyles2(getStyles);
  const card = useRef<HTMLDivElement>(null);
  const [place, setPlace] = useState({ left: x + DISTANCE, top: y + DISTANCE });
  useLayoutEffect(() => {
    const { width, height } = card.current?.getBoundingClientRect() ?? { width: 0, height: 0 };
    const left = x + DISTANCE + width > window.innerWidth ? x - DISTANCE - width : x + DISTANCE;
    const top = Math.min(y + DISTANCE, window.innerHeight - height - DISTANCE);
    setPlace({ left: Math.max(0, left), top: Math.max(0, top) });
  }, [x, y, detail]);
  return (
    <Portal>
      <div
        ref={card}
        className={styles.card}
        style={{ ...place, pointerEvents: pinned ? 'auto' : 'none' }}
        role={pinned ? 'dialog' : 'tooltip'}
        aria-label={pinned ? legible(detail.title) : undefined}
        data-testid={testIds.detail}
      >
        <div className={styles.title}>
          <strong dir="auto">{legible(detail.title)}</strong>
          <span className={styles.faint}>{detail.subtitle}</span>
        </div>
        <table className={styles.lines}>
          <tbody>
            {detail.lines.map(({ name, value, color, band }, at) => (
              <React.Fragment key={at}>
                <tr>
                  <td className={styles.faint} dir="auto">
                    {legible(name)}
                  </td>
                  <td className={styles.value}>
                    {color !== undefined && <i className={styles.swatch} style={{ background: color }} />}
                    {legible(value)}
                  </td>
                </tr>
                {band && (
                  <tr>
                    <td colSpan={2}>
                      <BandBar band={band} />
                    </td>
                  </tr>
                )}
              </React.Fragment>
            ))}
          </tbody>
        </table>
        {detail.remarks.map((remark, at) => (
          <div key={at} className={styles.faint} dir="auto">
            {legible(remark, 300)}
          </div>
        ))}
        {pinned && <PinnedPart {...pinned} />}
      </div>
    </Portal>
  );
}

function PinnedPart({ links, onClose }: { readonly links: readonly LinkModel[]; readonly onClose: () => void }) {
  const styles = useStyles2(getStyles);
  const part = useRef<HTMLDivElement>(null);
  useEffect(() => {
    part.current?.querySelector<HTMLElement>('a, button')?.focus();
    const onKey = (event: KeyboardEvent) => {
      if (event.key === 'Escape') {
        event.stopPropagation();
        onClose();
      }
    };
    window.addEventListener('keydown', onKey, true);
    return () => window.removeEventListener('keydown', onKey, true);
  }, [onClose]);
  return (
    <div ref={part} className={styles.links}>
      {links.map((link, at) => (
        <a
          key={at}
          href={link.href}
          target={link.target}
          onClick={event => link.onClick?.(event)}
          className={styles.link}
        >
          {legible(link.title)}
        </a>
      ))}
      <IconButton name="times" size="sm" tooltip={texts.close} onClick={onClose} className={styles.close} />
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  card: css({
    background: theme.colors.background.elevated ?? theme.colors.background.secondary,
    border: `1px solid ${theme.colors.border.medium}`,
    borderRadius: theme.shape.radius.default,
    boxShadow: theme.shadows.z3,
    color: theme.colors.text.primary,
    fontSize: theme.typography.bodySmall.fontSize,
    maxWidth: 420,
    width: 'max-content',
    overflowWrap: 'anywhere',
    padding: theme.spacing(1, 1.5),
    position: 'fixed',
    zIndex: theme.zIndex.tooltip,
  }),
  title: css({ display: 'flex', flexDirection: 'column', paddingRight: theme.spacing(3) }),
  faint: css({ color: theme.colors.text.secondary }),
  lines: css({ margin: theme.spacing(0.5, 0), td: { paddingRight: theme.spacing(1.5), verticalAlign: 'top' } }),
  value: css({ fontVariantNumeric: 'tabular-nums' }),
  swatch: css({ display: 'inline-block', height: 10, marginRight: 6, width: 10 }),
  links: css({ display: 'flex', flexDirection: 'column', gap: theme.spacing(0.5), marginTop: theme.spacing(0.5) }),
  link: css({ color: theme.colors.text.link, '&:hover': { textDecoration: 'underline' } }),
  close: css({ position: 'absolute', right: theme.spacing(1), top: theme.spacing(1) }),
});
