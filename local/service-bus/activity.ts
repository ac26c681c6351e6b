/** The latest operations of the namespace, for people to look at: a few, in memory, each of bounded size. */

/** As `GET /status` tells it. */
export interface RecentOperation {
  /** ISO 8601. */
  time: string;
  operation: string;
  entity: string;
  detail?: string;
}

const kept = 50;
/** Characters of a text that a client chose. */
const longest = 200;

export class Activity {
  readonly #latest: { at: number; operation: string; entity: string; detail: string | undefined }[] = [];

  note(operation: string, entity: string, detail?: string): void {
    this.#latest.push({
      at: Date.now(),
      operation: cut(operation),
      entity: cut(entity),
      detail: detail && cut(detail),
    });
    if (this.#latest.length > kept) this.#latest.shift();
  }

  /** Newest first. */
  recent(): RecentOperation[] {
    return this.#latest.toReversed().map(({ at, operation, entity, detail }) => ({
      time: new Date(at).toISOString(),
      operation,
      entity,
      ...(detail !== undefined && { detail }),
    }));
  }
}

function cut(text: string): string {
  return text.length > longest ? `${text.slice(0, longest)}…` : text;
}
