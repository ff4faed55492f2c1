import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import React from 'react';
import { testIds } from '../core/test-ids';
import { texts } from '../core/texts';

interface Props {
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly placeholder: string;
  readonly width: number;
}

/** The filter in the picture's top left corner. */
export function FilterInput({ value, onChange, placeholder, width }: Props) {
  const styles = useStyles2(getStyles);
  return (
    <input
      className={styles.input}
      style={{ width }}
      value={value}
      onChange={event => onChange(event.currentTarget.value)}
      onPointerDown={event => event.stopPropagation()}
      onClick={event => event.stopPropagation()}
      placeholder={placeholder}
      aria-label={texts.filterLabel}
      type="search"
      data-testid={testIds.filter}
    />
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  input: css({
    background: theme.components.input.background,
    border: `1px solid ${theme.components.input.borderColor}`,
    borderRadius: theme.shape.radius.default,
    color: theme.components.input.text,
    fontSize: theme.typography.bodySmall.fontSize,
    height: 22,
    left: 0,
    padding: '0 6px',
    position: 'absolute',
    top: 0,
    '&:focus-visible': { outline: `2px solid ${theme.colors.primary.main}` },
  }),
});
