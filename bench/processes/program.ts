/** One server of the bench as a process of its own, whatever it is written in: started, awaited, stopped. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { isTaken } from '../../local/stack/process.ts';
import { until } from '../../tests/support/until.ts';

export interface Program {
  pid: number;
  stop(): Promise<void>;
}

/** Starts a command that listens on `port` once it is ready. Throws what it said if it ends before. */
export async function startProgram(command: string, args: string[], port: number): Promise<Program> {
  const child = spawn(command, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said = (said + text).slice(-4_000)));
  const killIt = (): void => void child.kill('SIGKILL');
  process.once('exit', killIt);
  await until(() => child.exitCode !== null || isTaken(port), { what: `${args[0]} to listen` });
  if (child.exitCode !== null) throw new Error(`${command} ${args.join(' ')} ended:\n${said}`);
  return {
    pid: child.pid!,
    stop: async () => {
      process.off('exit', killIt);
      if (child.exitCode !== null) return;
      const ended = once(child, 'exit');
      child.kill('SIGINT');
      const insist = setTimeout(killIt, 10_000);
      await ended;
      clearTimeout(insist);
    },
  };
}
