/**
 * What the host has been doing, for a person who looks: each function's counts, and the latest invocations. It is
 * told, and knows neither triggers nor the app.
 */

/** How many invocations are remembered. */
const remembered = 200;

export interface FunctionCounts {
  invocations: number;
  failures: number;
  running: number;
}

export interface PastInvocation {
  id: string;
  functionName: string;
  /** ISO time. */
  began: string;
  milliseconds: number;
  succeeded: boolean;
  /** Why it failed. */
  error?: string;
}

export class Activity {
  #counts = new Map<string, FunctionCounts>();
  #recent: PastInvocation[] = [];

  /** An invocation begins; tell its end by the function that this answers. */
  begin(functionName: string, id: string): (failure?: Error) => void {
    const counts = this.#countsOf(functionName);
    const began = new Date();
    const clock = performance.now();
    counts.invocations++;
    counts.running++;
    return (failure) => {
      counts.running--;
      if (failure) counts.failures++;
      this.#recent.push({
        id,
        functionName,
        began: began.toISOString(),
        milliseconds: Math.round((performance.now() - clock) * 10) / 10,
        succeeded: !failure,
        ...(failure && { error: failure.message }),
      });
      if (this.#recent.length > remembered) this.#recent.shift();
    };
  }

  /** Invocations under way, of all functions. */
  get running(): number {
    return [...this.#counts.values()].reduce((sum, { running }) => sum + running, 0);
  }

  counts(functionName: string): FunctionCounts {
    return { ...this.#countsOf(functionName) };
  }

  /** The latest that have ended, newest first. */
  get recent(): PastInvocation[] {
    return this.#recent.toReversed();
  }

  #countsOf(functionName: string): FunctionCounts {
    let counts = this.#counts.get(functionName);
    if (!counts) {
      counts = { invocations: 0, failures: 0, running: 0 };
      this.#counts.set(functionName, counts);
    }
    return counts;
  }
}
