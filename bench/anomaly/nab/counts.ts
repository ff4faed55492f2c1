import type { LabelledFile } from './corpus.ts'

/** What a file of the corpus counts. */
export interface CountFamily {
  readonly name: string
  /** Paths in the corpus, as they begin. */
  readonly files: readonly string[]
}

/** The files of NAB that count something: everything else is a level, a duration, a percentage or made up. */
export const countFamilies: readonly CountFamily[] = [
  {
    name: 'events',
    files: ['realAWSCloudwatch/elb_request_count_', 'realKnownCause/nyc_taxi', 'realTweets/Twitter_volume_'],
  },
  {
    name: 'bytes',
    files: [
      'realAWSCloudwatch/ec2_disk_write_bytes_',
      'realAWSCloudwatch/ec2_network_in_',
      'realAWSCloudwatch/iio_us-east-1_i-a2eb1cd9_NetworkIn',
    ],
  },
]

export function filesOf(family: CountFamily, corpus: readonly LabelledFile[]): LabelledFile[] {
  return corpus.filter(({ name }) => family.files.some(start => name.startsWith(start)))
}

/** Seconds between two rows: the median of the file. */
export function spacingOf({ times }: LabelledFile): number {
  const steps = times.slice(1).map((time, row) => time - (times[row] as number))
  return steps.sort((a, b) => a - b)[steps.length >> 1] ?? 0
}
