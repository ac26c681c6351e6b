/** Runs a command of an operator as they do: a process of its own, its output, its code. */
import { spawn, type ChildProcess } from 'node:child_process';
import { text } from 'node:stream/consumers';

export interface Ended {
  code: number | null;
  output: string;
  errors: string;
}

export interface Running {
  child: ChildProcess;
  ended: Promise<Ended>;
}

export function startProgram(args: string[], environment: Record<string, string> = {}): Running {
  const child = spawn(process.execPath, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...environment },
  });
  const exit = new Promise<number | null>((done) => child.once('close', done));
  const ended = Promise.all([exit, text(child.stdout), text(child.stderr)]).then(
    ([code, output, errors]) => ({
      code,
      output,
      errors,
    }),
  );
  return { child, ended };
}

export const runProgram = (args: string[], environment?: Record<string, string>): Promise<Ended> =>
  startProgram(args, environment).ended;
