/** Remembers when timers have fired, so that one which was due while the host was off can say so. */
import { readJson, writeJson } from '../json-file.ts';

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
    const kept = path === undefined ? undefined : (readJson(path) as Record<string, TimerStatus> | undefined);
    this.#statuses = kept ?? {};
  }

  read(functionName: string): TimerStatus | undefined {
    return this.#statuses[functionName];
  }

  write(functionName: string, status: TimerStatus): void {
    this.#statuses[functionName] = status;
    if (this.#path !== undefined) writeJson(this.#path, this.#statuses);
  }
}
