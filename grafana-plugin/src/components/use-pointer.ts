import { type PointerEvent, useState } from 'react';

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Pointer {
  /** The position of the pointer, in pixels of the picture; undefined outside. */
  readonly at: Point | undefined;
  /** Where the button was pressed, while it is held. */
  readonly downAt: Point | undefined;
}

interface Handlers {
  readonly onHover: ((at: Point | undefined) => void) | undefined;
  readonly onClick: (at: Point) => void;
  /** Undefined if dragging has no effect: releasing the button is a click then, wherever it was pressed. */
  readonly onDrag: ((from: Point, to: Point) => void) | undefined;
}

/** A movement of at least this many pixels with the button held is a drag and not a click. */
const DRAG = 6;

/** Distinguishes hovering, clicking and dragging. */
export function usePointer({ onHover, onClick, onDrag }: Handlers) {
  const [pointer, setPointer] = useState<Pointer>({ at: undefined, downAt: undefined });
  const pointOf = (event: PointerEvent<HTMLElement>): Point => {
    const box = event.currentTarget.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };
  const dragOf = ({ at, downAt }: Pointer) =>
    onDrag !== undefined && at !== undefined && downAt !== undefined && Math.abs(at.x - downAt.x) >= DRAG
      ? { from: downAt, to: at, end: onDrag }
      : undefined;
  const handlers = {
    onPointerMove: (event: PointerEvent<HTMLElement>) => {
      const at = pointOf(event);
      setPointer(({ downAt }) => ({ at, downAt }));
      onHover?.(at);
    },
    onPointerDown: (event: PointerEvent<HTMLElement>) => {
      if (event.button === 0) {
        const at = pointOf(event);
        setPointer({ at, downAt: at });
      }
    },
    onPointerUp: (event: PointerEvent<HTMLElement>) => {
      const at = pointOf(event);
      const { downAt } = pointer;
      setPointer({ at, downAt: undefined });
      const drag = dragOf({ at, downAt });
      if (drag !== undefined) {
        drag.end(drag.from, drag.to);
      } else if (downAt !== undefined) {
        onClick(at);
      }
    },
    onPointerLeave: () => {
      setPointer({ at: undefined, downAt: undefined });
      onHover?.(undefined);
    },
  };
  const drag = dragOf(pointer);
  return { at: pointer.at, drag: drag && { from: drag.from, to: drag.to }, handlers };
}
