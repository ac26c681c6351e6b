/** A host in a process of its own, on a free port, with what it prints kept for the test to read. */
import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from '../../support/ports.ts';
import { until } from '../../support/until.ts';

const main = fileURLToPath(new URL('../../../local/functions-host/main.ts', import.meta.url));
const modules = fileURLToPath(new URL('../../../node_modules', import.meta.url));

export interface RunningHost {
  /** `http://127.0.0.1:PORT` */
  url: string;
  port: number;
  pid: number;
  /** All it has printed so far. */
  output: () => string;
  /** Its exit code, once it has ended; null after a signal. */
  ended: Promise<number | null>;
  signal(name: NodeJS.Signals): void;
  /** Ends it as Ctrl-C does. */
  stop(): Promise<number | null>;
}

interface HostOptions {
  args?: string[];
  env?: Record<string, string>;
  port?: number;
  /** What the process must have printed before the test goes on. */
  until?: RegExp;
}

/** The folder of one of the apps beside this file. */
export const appFolder = (name: string): string => fileURLToPath(new URL(`apps/${name}`, import.meta.url));

/** Starts the host on an app and waits until it says that it is ready. */
export async function startHost(scriptRoot: string, options: HostOptions = {}): Promise<RunningHost> {
  const port = options.port ?? (await freePort());
  const args = [main, '--script-root', scriptRoot, '--port', String(port), ...(options.args ?? [])];
  const child = spawn(process.execPath, args, {
    env: { ...process.env, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += String(chunk)));
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const killIt = (): void => void child.kill('SIGKILL');
  process.once('exit', killIt);
  void ended.then(() => process.off('exit', killIt));
  let isEnded = false;
  void ended.then(() => (isEnded = true));
  const ready = options.until ?? /Functions host ready/;
  await until(() => ready.test(output) || isEnded, { what: `the host to start, which printed: ${output}` });
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    pid: child.pid ?? 0,
    output: () => output,
    ended,
    signal: (name) => void child.kill(name),
    stop: () => {
      child.kill('SIGTERM');
      return ended;
    },
  };
}

/** An app made for one test, in a folder that goes with it. */
export interface TemporaryApp {
  folder: string;
  write(file: string, content: string): void;
  remove(): void;
}

/** A copy of one of the apps, or an empty one; it finds the real `@azure/functions`. */
export function temporaryApp(files: Record<string, string>, copyOf?: string): TemporaryApp {
  const folder = mkdtempSync(join(tmpdir(), 'functions-host-'));
  if (copyOf) cpSync(appFolder(copyOf), folder, { recursive: true });
  symlinkSync(modules, join(folder, 'node_modules'));
  const write = (file: string, content: string): void => writeFileSync(join(folder, file), content);
  const standard = copyOf ? {} : { 'host.json': '{"version":"2.0"}', 'package.json': '{"main":"index.cjs"}' };
  for (const [file, content] of Object.entries({ ...standard, ...files })) write(file, content);
  return { folder, write, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** A CommonJS app of one piece of code, in which `app` is that of `@azure/functions`. */
export const appCode = (code: string): string => `const { app } = require('@azure/functions');\n${code}\n`;
