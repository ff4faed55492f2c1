import { Worker } from 'node:worker_threads'
import type { SeedResult } from './rows.ts'
import type { SeedTask } from './seed.worker.ts'

/** Measures the tasks in threads. @param threads at the same time */
export async function measureSeeds(tasks: readonly SeedTask[], threads: number): Promise<SeedResult[]> {
  const results: SeedResult[] = []
  let next = 0
  const work = async () => {
    for (let index = next++; index < tasks.length; index = next++) {
      results[index] = await measure(tasks[index] as SeedTask)
    }
  }
  await Promise.all(Array.from({ length: Math.min(threads, tasks.length) }, work))
  return results
}

function measure(task: SeedTask): Promise<SeedResult> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./seed.worker.ts', import.meta.url), { workerData: task })
    worker.once('message', resolve)
    worker.once('error', reject)
    worker.once('exit', code => reject(new Error(`The thread of seed ${task.seed} ended with ${code} and no result.`)))
  })
}
