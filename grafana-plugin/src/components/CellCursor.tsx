import { css } from '@emotion/css';
import { useStyles2 } from '@grafana/ui';
import React, { type KeyboardEvent, useId } from 'react';
import { moveCursor, type CursorPosition } from '../model/cursor';
import { testIds } from '../core/test-ids';

interface Props {
  readonly label: string;
  readonly rows: number;
  readonly columns: number;
  readonly pageRows: number;
  readonly cursor: CursorPosition | undefined;
  /** The cell under the cursor in words. */
  readonly announcement: string;
  readonly onMove: (cursor: CursorPosition | undefined) => void;
  readonly onOpen: (cursor: CursorPosition) => void;
}

/**
 * The picture for keyboards and screen readers: one focusable grid whose active cell follows the arrow keys and is
 * announced. The pixels are on the canvas below.
 */
export function CellCursor({ label, rows, columns, pageRows, cursor, announcement, onMove, onOpen }: Props) {
  const styles = useStyles2(getStyles);
  const id = useId();
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && cursor !== undefined) {
      event.preventDefault();
      onOpen(cursor);
      return;
    }
    if (event.key === 'Escape') {
      onMove(undefined);
      return;
    }
    const moved = moveCursor(cursor, event.key, { rows, columns, pageRows });
    if (moved !== undefined) {
      event.preventDefault();
      onMove(moved);
    }
  };
  return (
    <>
      <div
        className={styles.layer}
        role="grid"
        aria-label={label}
        aria-rowcount={rows}
        aria-colcount={columns}
        aria-activedescendant={cursor ? id : undefined}
        tabIndex={0}
        onKeyDown={onKeyDown}
        onBlur={() => onMove(undefined)}
        data-testid={testIds.grid}
      >
        <div role="row" aria-rowindex={(cursor?.row ?? 0) + 1} className={styles.spoken}>
          <div role="gridcell" id={id} aria-colindex={(cursor?.column ?? 0) + 1}>
            {announcement}
          </div>
        </div>
      </div>
      <div aria-live="polite" className={styles.spoken} data-testid={testIds.announcement}>
        {announcement}
      </div>
    </>
  );
}

const getStyles = () => ({
  layer: css({ inset: 0, pointerEvents: 'none', position: 'absolute' }),
  spoken: css({ clipPath: 'inset(50%)', height: 1, overflow: 'hidden', position: 'absolute', width: 1 }),
});
