import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import React from 'react';
import type { Band } from '../display/band';

const percent = (share: number) => `${(100 * share).toFixed(2)}%`;

/**
 * The expected band as a bar and the observed value as a mark: inside it, just outside, or far outside. The lines of
 * the card say it in words.
 */
export function BandBar({ band }: { readonly band: Band }) {
  const styles = useStyles2(getStyles);
  return (
    <div className={styles.scale} aria-hidden>
      <i className={styles.band} style={{ left: percent(band.lower), width: percent(band.upper - band.lower) }} />
      <i className={styles.mark} style={{ left: percent(band.observed) }} />
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  scale: css({
    background: theme.colors.border.weak,
    height: 6,
    margin: theme.spacing(0.5, 0.25),
    position: 'relative',
  }),
  band: css({
    background: theme.colors.text.secondary,
    height: '100%',
    minWidth: 1,
    opacity: 0.6,
    position: 'absolute',
  }),
  mark: css({
    background: theme.colors.text.maxContrast,
    height: 14,
    marginLeft: -1,
    position: 'absolute',
    top: -4,
    width: 3,
  }),
});
