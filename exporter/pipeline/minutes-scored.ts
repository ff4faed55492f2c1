import type { SeriesStore } from '../../service/series/series.ts'
import type { MinuteConsumer } from './minute-consumer.ts'

const nobody: MinuteConsumer = {
  minute() {},
  late() {},
  history() {},
  snapshots: () => [],
  restore() {},
}

/** The same consumer, with every minute that it is told of counted. */
export function countMinutes(store: SeriesStore, consumer: MinuteConsumer = nobody): MinuteConsumer {
  const scored = store
    .define({
      name: 'clawtrust_scorings_total',
      help: 'Closed minutes that were passed to the scorer, one for each minute of each series.',
      type: 'counter',
      labels: [],
      durable: true,
    })
    .series()
  return {
    minute(key, start, count, completeness) {
      scored.value += 1
      consumer.minute(key, start, count, completeness)
    },
    late: (key, start, count) => consumer.late(key, start, count),
    history: run => consumer.history(run),
    snapshots: () => consumer.snapshots(),
    restore: blobs => consumer.restore(blobs),
  }
}
