import { DataHoverClearEvent, DataHoverEvent, type EventBus } from '@grafana/data';
import { useCallback, useEffect, useState } from 'react';

/** The time at the pointer of another panel, and a function that publishes the time at this panel's. */
export function useSharedCrosshair(eventBus: EventBus) {
  const [time, setTime] = useState<number>();
  useEffect(() => {
    const hover = eventBus.getStream(DataHoverEvent).subscribe(({ origin, payload }) => {
      const at: unknown = payload.point?.time;
      if (origin !== eventBus && typeof at === 'number') {
        setTime(at);
      }
    });
    const clear = eventBus.getStream(DataHoverClearEvent).subscribe(() => setTime(undefined));
    return () => {
      hover.unsubscribe();
      clear.unsubscribe();
    };
  }, [eventBus]);

  const tell = useCallback(
    (at: number | undefined) =>
      at === undefined
        ? eventBus.publish(new DataHoverClearEvent())
        : eventBus.publish(new DataHoverEvent({ point: { time: at } })),
    [eventBus]
  );
  return { time, tell };
}
