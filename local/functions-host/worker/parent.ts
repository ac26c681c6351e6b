/** Sees to it that the app's process never outlives its host, however that one died. */
import { Worker } from 'node:worker_threads';

/** How often the watching thread looks, in milliseconds. */
const period = 500;

const watch = `
  const { workerData } = require('node:worker_threads');
  setInterval(() => {
    if (process.ppid !== workerData) process.kill(process.pid, 'SIGKILL');
  }, ${period});
`;

/** Ends this process when its parent is gone: at once, or from a thread if the app keeps the main one busy. */
export function endWithParent(): void {
  process.on('disconnect', () => process.exit(1));
  new Worker(watch, { eval: true, workerData: process.ppid }).unref();
}
