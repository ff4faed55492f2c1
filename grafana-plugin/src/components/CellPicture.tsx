import { css } from '@emotion/css';
import type { LinkModel } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import React, { type ReactNode, useLayoutEffect, useRef, useState } from 'react';
import type { Detail } from '../display/detail';
import type { CursorPosition } from '../model/cursor';
import type { Rectangle } from '../paint/rectangle';
import { prepareSurface } from '../paint/surface';
import { testIds } from '../core/test-ids';
import { CellCursor } from './CellCursor';
import { DetailCard } from './DetailCard';
import { useLoadedFonts } from './use-loaded-fonts';
import { type Point, usePointer } from './use-pointer';

export interface Scroll {
  readonly left: number;
  readonly top: number;
}

export interface Described {
  readonly detail: Detail;
  /** Created on demand: a link may be expensive to interpolate. */
  readonly links: () => LinkModel[];
}

/** The overlay that follows the pointer and the cursor over the cells. */
export interface Marked {
  readonly pointer: Point | undefined;
  readonly hovered: Rectangle | undefined;
  readonly cursor: Rectangle | undefined;
  readonly drag: { readonly from: Point; readonly to: Point } | undefined;
}

interface Props {
  readonly testId: string;
  /** The viewport of the picture, in CSS pixels. */
  readonly width: number;
  readonly height: number;
  /** The size of the scrolled content; without a width, the picture does not scroll horizontally. */
  readonly content: { readonly width?: number; readonly height: number };
  readonly grid: { readonly label: string; readonly rows: number; readonly columns: number; readonly pageRows: number };
  /** Draws the cells; they are drawn again if the function changes. */
  readonly paint: (context: CanvasRenderingContext2D) => void;
  /** Draws the overlay over the cells. */
  readonly paintOver: (context: CanvasRenderingContext2D, marked: Marked) => void;
  readonly cellAt: (at: Point) => CursorPosition | undefined;
  /** Undefined if the cell is scrolled out of the viewport. */
  readonly rectangleOf: (cell: CursorPosition) => Rectangle | undefined;
  /** How far to scroll to bring the cell into the viewport. */
  readonly scrollTo: (cell: CursorPosition) => Partial<Scroll>;
  readonly describe: (cell: CursorPosition) => Described;
  /** The cell in one sentence, for screen readers. */
  readonly wordsOf: (cell: CursorPosition) => string;
  /** The card of a place that is not a cell. */
  readonly noteAt?: (at: Point) => Detail | undefined;
  readonly onScroll: (scroll: Scroll) => void;
  readonly onHover?: (at: Point | undefined) => void;
  readonly onDrag?: (from: Point, to: Point) => void;
  /** Names and fields over the canvas. */
  readonly children: ReactNode;
}

/** A pinned card keeps its content through a refresh. */
interface Pin {
  readonly detail: Detail;
  readonly at: Point;
  readonly links: readonly LinkModel[];
}

/**
 * Cells on a canvas, with scrolling, hovering, a card that can be pinned, and a keyboard cursor that is announced. The
 * caller decides what the cells are.
 */
export function CellPicture(props: Props) {
  const { width, height, content, grid, paint, rectangleOf, describe } = props;
  const styles = useStyles2(getStyles);
  const [cursor, setCursor] = useState<CursorPosition>();
  const [pin, setPin] = useState<Pin>();
  const base = useRef<HTMLCanvasElement>(null);
  const overlay = useRef<HTMLCanvasElement>(null);
  const scroller = useRef<HTMLDivElement>(null);
  const fonts = useLoadedFonts();

  const openAt = (cell: CursorPosition, at: Point) => {
    const { detail, links } = describe(cell);
    setPin({ detail, at, links: links() });
  };
  const { at, drag, handlers } = usePointer({
    onHover: props.onHover,
    onClick: point => {
      const cell = props.cellAt(point);
      return cell === undefined ? setPin(undefined) : openAt(cell, point);
    },
    onDrag: props.onDrag,
  });
  const moveTo = (cell: CursorPosition | undefined) => {
    setCursor(cell);
    if (cell !== undefined && scroller.current !== null) {
      const { left, top } = props.scrollTo(cell);
      scroller.current.scrollLeft = left ?? scroller.current.scrollLeft;
      scroller.current.scrollTop = top ?? scroller.current.scrollTop;
    }
  };

  useLayoutEffect(() => {
    const context = prepareSurface(base.current, width, height);
    if (context !== null) {
      paint(context);
    }
  }, [width, height, paint, fonts]);
  const hovered = at && !drag ? props.cellAt(at) : undefined;
  useLayoutEffect(() => {
    const context = prepareSurface(overlay.current, width, height);
    if (context !== null) {
      const [hoveredArea, cursorArea] = [hovered && rectangleOf(hovered), cursor && rectangleOf(cursor)];
      props.paintOver(context, { pointer: at, hovered: hoveredArea, cursor: cursorArea, drag });
    }
  });

  const inWindow = ({ x, y }: Point): Point => {
    const box = scroller.current?.getBoundingClientRect();
    return { x: x + (box?.left ?? 0), y: y + (box?.top ?? 0) };
  };
  const hint = (at && props.noteAt?.(at)) ?? (hovered && !pin ? describe(hovered).detail : undefined);
  const isWide = content.width !== undefined;
  const surface = isWide
    ? { width: Math.min(width, content.width), height: Math.min(height, content.height) }
    : { height };
  const canvas = { className: styles.canvas, style: { width, height }, 'aria-hidden': true };
  return (
    <div
      ref={scroller}
      className={styles.scroller}
      style={{ width, height, overflowX: isWide ? 'auto' : 'hidden' }}
      onScroll={({ currentTarget: { scrollLeft, scrollTop } }) => props.onScroll({ left: scrollLeft, top: scrollTop })}
      data-testid={testIds.scroller}
    >
      <div style={{ width: content.width, height: content.height }}>
        <div
          className={styles.surface}
          style={{ ...surface, touchAction: props.onDrag ? 'pan-y' : 'auto' }}
          {...handlers}
          data-testid={props.testId}
        >
          <canvas ref={base} {...canvas} data-testid={testIds.base} />
          <canvas ref={overlay} {...canvas} data-testid={testIds.overlay} />
          <CellCursor
            {...grid}
            cursor={cursor}
            announcement={cursor ? props.wordsOf(cursor) : ''}
            onMove={moveTo}
            onOpen={cell => openAt(cell, rectangleOf(cell) ?? { x: 0, y: 0 })}
          />
          {props.children}
        </div>
      </div>
      {hint && at && <DetailCard detail={hint} {...inWindow(at)} />}
      {pin && (
        <DetailCard
          detail={pin.detail}
          {...inWindow(pin.at)}
          pinned={{ links: pin.links, onClose: () => setPin(undefined) }}
        />
      )}
    </div>
  );
}

const getStyles = () => ({
  scroller: css({ overflowY: 'auto', position: 'relative' }),
  surface: css({ left: 0, position: 'sticky', top: 0, userSelect: 'none' }),
  canvas: css({ left: 0, pointerEvents: 'none', position: 'absolute', top: 0 }),
});
