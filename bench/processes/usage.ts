/** What a process and its children have used, as Linux counts it in /proc. CPU comes in steps of 10 ms. */
import { readdirSync, readFileSync } from 'node:fs';

export interface Usage {
  /** Of user and system, since its start. */
  cpuMilliseconds: number;
  residentBytes: number;
}

const millisecondsPerTick = 10;

export function usageOf(...roots: number[]): Usage {
  const all = roots.flatMap(withChildren).map(usageOfOne);
  return {
    cpuMilliseconds: all.reduce((sum, { cpuMilliseconds }) => sum + cpuMilliseconds, 0),
    residentBytes: all.reduce((sum, { residentBytes }) => sum + residentBytes, 0),
  };
}

function usageOfOne(pid: number): Usage {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The name before the bracket may hold anything.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return {
    cpuMilliseconds: (Number(fields[11]) + Number(fields[12])) * millisecondsPerTick,
    residentBytes: Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) * 1_024,
  };
}

function withChildren(pid: number): number[] {
  const tasks = readdirSync(`/proc/${pid}/task`);
  const children = tasks.flatMap((task) =>
    readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
  );
  return [pid, ...children.flatMap(withChildren)];
}
