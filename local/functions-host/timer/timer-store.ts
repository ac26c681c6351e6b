/** Remembers when timers have fired, so that one which was due while the host was off can say so. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** ISO times. */
export interface TimerStatus {
  last: string;
  lastUpdated: string;
  next: string;
}

export class TimerStore {
  #path: string | undefined;
  #statuses: Record<string, TimerStatus>;

  /** With no path it lasts as long as the host. */
  constructor(path: string | undefined) {
    this.#path = path;
    this.#statuses =
      path !== undefined && existsSync(path)
        ? (JSON.parse(readFileSync(path, 'utf8')) as Record<string, TimerStatus>)
        : {};
  }

  read(functionName: string): TimerStatus | undefined {
    return this.#statuses[functionName];
  }

  write(functionName: string, status: TimerStatus): void {
    this.#statuses[functionName] = status;
    if (this.#path === undefined) return;
    mkdirSync(dirname(this.#path), { recursive: true });
    writeFileSync(this.#path, JSON.stringify(this.#statuses, undefined, 2));
  }
}
