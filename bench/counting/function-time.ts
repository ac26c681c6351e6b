/** How long functions ran, as a functions host says it in its log. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const line = /Executed 'Functions\.([\w-]+)' \(\w+, Id=[^,]+, Duration=(\d+)ms\)/g;

export interface FunctionTime {
  invocations: number;
  milliseconds: number;
}

/** What has run since the log had `from` characters; and how many it has now. */
export function functionTime(
  data: string,
  names: string[],
  from: number,
): { time: FunctionTime; length: number } {
  const log = readFileSync(join(data, 'logs', 'functions.log'), 'utf8');
  const time = { invocations: 0, milliseconds: 0 };
  for (const [, name = '', milliseconds] of log.slice(from).matchAll(line)) {
    if (!names.includes(name)) continue;
    time.invocations += 1;
    time.milliseconds += Number(milliseconds);
  }
  return { time, length: log.length };
}
