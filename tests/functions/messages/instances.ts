/** Instances of the app as processes of their own: they share nothing but the services, and can be killed. */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { PublisherAnswer, PublisherTask } from './publisher.ts';

const program = fileURLToPath(new URL('publisher.ts', import.meta.url));

export interface Instance {
  /** As `kill -9`. */
  kill(): void;
  /** What it answered, once it has ended. */
  answers: Promise<PublisherAnswer[]>;
}

export function startInstance(task: PublisherTask): Instance {
  const child = spawn(process.execPath, [program, JSON.stringify(task)], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const answers: PublisherAnswer[] = [];
  createInterface(child.stdout).on('line', (line) => answers.push(JSON.parse(line) as PublisherAnswer));
  return {
    kill: () => void child.kill('SIGKILL'),
    answers: new Promise((done) => child.once('close', () => done(answers))),
  };
}
