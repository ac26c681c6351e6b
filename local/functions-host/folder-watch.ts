/** Tells when something in a folder has changed, also when a build removes the folder and makes it again. */
import { watch, type FSWatcher } from 'node:fs';

/** Bundlers write several files, several times; one notice is enough (milliseconds). */
const settleTime = 200;

export class FolderWatch {
  #folder: string;
  #changed: () => void;
  #watcher: FSWatcher | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(folder: string, changed: () => void) {
    this.#folder = folder;
    this.#changed = changed;
    this.#open();
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#watcher?.close();
  }

  /** Answers whether there is a folder to watch. */
  #open(): boolean {
    this.#watcher?.close();
    try {
      this.#watcher = watch(this.#folder, { recursive: true });
    } catch {
      this.#settle();
      return false;
    }
    for (const event of ['change', 'error']) this.#watcher.on(event, () => this.#settle());
    return true;
  }

  /** The folder may be another one by now, which only a new watch sees. */
  #settle(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      if (this.#open()) this.#changed();
    }, settleTime);
  }
}
