/** So many things at a time. */
const width = 16;

export class Pool {
  readonly #running = new Set<Promise<void>>();
  #failure: unknown;

  /** Begins a task as soon as there is room for it. Throws what an earlier one threw. */
  async run(task: () => Promise<void>): Promise<void> {
    while (this.#running.size >= width) await Promise.race(this.#running);
    this.#raise();
    const running: Promise<void> = task()
      .catch((error: unknown) => {
        this.#failure ??= error;
      })
      .finally(() => this.#running.delete(running));
    this.#running.add(running);
  }

  /** Resolves once all are done. Throws what one of them threw. */
  async end(): Promise<void> {
    await Promise.all(this.#running);
    this.#raise();
  }

  #raise(): void {
    if (this.#failure !== undefined) throw this.#failure;
  }
}
