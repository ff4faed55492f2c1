import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import React from 'react';
import { legible } from '../display/format';
import { testIds } from '../core/test-ids';

const SENTENCE = 400;

/** A sentence in place of the picture. */
export function Message({ text }: { readonly text: string }) {
  const styles = useStyles2(getStyles);
  return (
    <div className={styles.message} role="status" data-testid={testIds.message}>
      {legible(text, SENTENCE)}
    </div>
  );
}

/** A sentence above the picture: part of the data is missing. */
export function Notice({ text }: { readonly text: string }) {
  const styles = useStyles2(getStyles);
  return (
    <div className={styles.notice} role="status" title={text} data-testid={testIds.notice}>
      {legible(text, SENTENCE)}
    </div>
  );
}

export const NOTICE_HEIGHT = 24;

const getStyles = (theme: GrafanaTheme2) => ({
  message: css({
    alignItems: 'center',
    color: theme.colors.text.primary,
    display: 'flex',
    height: '100%',
    justifyContent: 'center',
    overflow: 'auto',
    overflowWrap: 'anywhere',
    padding: theme.spacing(2),
    textAlign: 'center',
  }),
  notice: css({
    borderLeft: `3px solid ${theme.colors.warning.border}`,
    color: theme.colors.text.primary,
    fontSize: theme.typography.bodySmall.fontSize,
    height: NOTICE_HEIGHT - 4,
    lineHeight: `${NOTICE_HEIGHT - 4}px`,
    marginBottom: 4,
    overflow: 'hidden',
    paddingLeft: theme.spacing(1),
    textOverflow: 'ellipsis',
    whiteSpace: 'nowrap',
  }),
});
