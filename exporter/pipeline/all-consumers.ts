import type { MinuteConsumer } from './minute-consumer.ts'

/** One consumer that tells these in order. */
export function allConsumers(...consumers: readonly MinuteConsumer[]): MinuteConsumer {
  return {
    minute: (key, start, count, completeness) => {
      for (const consumer of consumers) consumer.minute(key, start, count, completeness)
    },
    late: (key, start, count) => {
      for (const consumer of consumers) consumer.late(key, start, count)
    },
    history: run => {
      for (const consumer of consumers) consumer.history(run)
    },
    snapshots: () => consumers.flatMap(consumer => consumer.snapshots()),
    restore: blobs => {
      for (const consumer of consumers) consumer.restore(blobs)
    },
  }
}
