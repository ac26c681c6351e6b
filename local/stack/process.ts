/**
 * One part of the local stack as a process of its own: started, watched until it answers, stopped.
 * Knows nothing of what the part is.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { createWriteStream, mkdirSync, renameSync, statSync } from 'node:fs';
import { connect } from 'node:net';
import { dirname } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

export interface Part {
  /** What people call it, for the terminal. */
  title: string;
  /** Arguments for Node: a program and its options. */
  args: string[];
  /** Variables on top of our own. */
  environment?: Record<string, string>;
  /** The ports it will listen on, with the variable that moves each. */
  ports: { port: number; variable: string }[];
  /** An address that answers once the part works. */
  health: { url: string; method: 'GET' | 'HEAD'; anyStatus?: boolean };
  /** Where its output goes. */
  log: string;
}

export class PartError extends Error {}

/** Bytes of a log that is not written on at the next start. */
const longLog = 50_000_000;

function setAside(log: string): void {
  const size = statSync(log, { throwIfNoEntry: false })?.size ?? 0;
  if (size > longLog) renameSync(log, `${log}.old`);
}

/** A part that runs. */
export class RunningPart {
  readonly part: Part;
  readonly child: ChildProcess;
  /** Resolves with what ended it, wanted or not. */
  readonly ended: Promise<string>;
  #lastLines: string[] = [];
  #stopping = false;

  constructor(part: Part, onLine?: (line: string) => void) {
    this.part = part;
    mkdirSync(dirname(part.log), { recursive: true });
    setAside(part.log);
    const log = createWriteStream(part.log, { flags: 'a' });
    // A group of its own: Ctrl-C reaches the launcher alone, which then stops the parts in order.
    this.child = spawn(process.execPath, part.args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
      env: { ...process.env, ...part.environment },
    });
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        log.write(text);
        for (const line of text.split('\n').filter((each) => each !== '')) {
          this.#lastLines = [...this.#lastLines.slice(-20), line];
          onLine?.(line);
        }
      });
    }
    this.ended = new Promise((done) => {
      this.child.once('exit', (code, signal) => {
        log.end();
        done(signal ? `was stopped by ${signal}` : `ended with code ${code}`);
      });
    });
  }

  /** The last lines of its output, for an error message. */
  get lastLines(): string {
    return this.#lastLines.join('\n');
  }

  get stopping(): boolean {
    return this.#stopping;
  }

  /** Waits until the part answers. Throws `PartError` where it ends before, or after `seconds`. */
  async ready(seconds = 60): Promise<void> {
    const deadline = Date.now() + seconds * 1_000;
    let ended: string | undefined;
    void this.ended.then((how) => (ended = how));
    while (!(await answers(this.part.health))) {
      if (ended !== undefined) throw new PartError(`${this.part.title} ${ended}:\n${this.lastLines}`);
      if (Date.now() > deadline)
        throw new PartError(`${this.part.title} does not answer after ${seconds} s:\n${this.lastLines}`);
      await wait(50);
    }
  }

  /** Asks it to end, and insists after 10 s. */
  async stop(): Promise<void> {
    this.#stopping = true;
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    this.child.kill('SIGINT');
    const insist = setTimeout(() => this.kill(), 10_000);
    await this.ended;
    clearTimeout(insist);
  }

  /** `kill -9`, as the fault tests do. */
  kill(): void {
    this.#stopping = true;
    if (this.child.pid === undefined) return;
    try {
      process.kill(-this.child.pid, 'SIGKILL');
    } catch {
      // It is gone already.
    }
  }
}

async function answers({ url, method, anyStatus }: Part['health']): Promise<boolean> {
  try {
    const response = await fetch(url, { method, signal: AbortSignal.timeout(2_000) });
    await response.arrayBuffer();
    return anyStatus === true || response.ok;
  } catch {
    return false;
  }
}

/** Whether something listens on a loopback port already. */
export function isTaken(port: number): Promise<boolean> {
  return new Promise((done) => {
    const socket = connect({ port, host: '127.0.0.1' });
    socket.once('connect', () => {
      socket.destroy();
      done(true);
    });
    socket.once('error', () => done(false));
  });
}
