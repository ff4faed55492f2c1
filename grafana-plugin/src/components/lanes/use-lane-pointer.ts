import { type PointerEvent, useState } from 'react';

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface LanePointer {
  /** Where the pointer is, in pixels of the picture; undefined outside. */
  readonly at: Point | undefined;
  /** Where the button went down, while it is held. */
  readonly downAt: Point | undefined;
}

interface Handlers {
  readonly onHover: (at: Point | undefined) => void;
  readonly onClick: (at: Point) => void;
  readonly onDrag: (from: Point, to: Point) => void;
}

/** From this many pixels on, a movement with the button held is a drag and not a click. */
const DRAG = 6;

export const isDrag = (pointer: LanePointer): boolean =>
  pointer.at !== undefined && pointer.downAt !== undefined && Math.abs(pointer.at.x - pointer.downAt.x) >= DRAG;

/** Tells hovering, clicking and dragging apart. */
export function useLanePointer({ onHover, onClick, onDrag }: Handlers) {
  const [pointer, setPointer] = useState<LanePointer>({ at: undefined, downAt: undefined });
  const pointOf = (event: PointerEvent<HTMLElement>): Point => {
    const box = event.currentTarget.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };
  const handlers = {
    onPointerMove: (event: PointerEvent<HTMLElement>) => {
      const at = pointOf(event);
      setPointer(({ downAt }) => ({ at, downAt }));
      onHover(at);
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
      if (downAt !== undefined) {
        isDrag({ at, downAt }) ? onDrag(downAt, at) : onClick(at);
      }
    },
    onPointerLeave: () => {
      setPointer({ at: undefined, downAt: undefined });
      onHover(undefined);
    },
  };
  return { pointer, handlers };
}
