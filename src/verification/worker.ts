import { parentPort } from 'node:worker_threads';
import { toRegistrarError } from '../model/errors.js';
import type { CheckResult } from '../model/verification.js';
import { runTreeJob } from './tree-job.js';
import type { TreeJob } from './tree-job.js';

/** What the thread says of its job: each result, and then that it is done, or why it is not. */
export type WorkerMessage =
  { readonly result: CheckResult } | { readonly done: true } | { readonly failed: string };

/** Entry of the thread that checks files: it gets a job, tells its results, and waits for another. */
parentPort?.on('message', (job: TreeJob) => {
  const tell = (message: WorkerMessage): void => parentPort?.postMessage(message);
  runTreeJob(job, (result) => tell({ result })).then(
    () => tell({ done: true }),
    (error: unknown) => tell({ failed: toRegistrarError(error).message }),
  );
});
