/** What a client has invoked and is not answered yet. Knows no frame. */
export class Invocations {
  readonly #waiting = new Map<string, symbol>();

  /**
   * Takes an invocation under an id that no other has which waits; undefined where one does.
   * @returns whether it still waits for its answer
   */
  begin(id: string): (() => boolean) | undefined {
    if (this.#waiting.has(id)) return undefined;
    // The same id may be used again: what was begun before must not take the later one for itself.
    const mark = Symbol(id);
    this.#waiting.set(id, mark);
    return () => this.#waiting.get(id) === mark;
  }

  /** It has been answered, or its client wants no answer any more. */
  end(id: string): void {
    this.#waiting.delete(id);
  }
}
