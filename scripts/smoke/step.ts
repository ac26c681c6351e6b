/** The steps of the smoke test: each prints a line, and one that fails says what was expected and where to look. */
import { setTimeout as wait } from 'node:timers/promises';

interface FailureDetails {
  expected: string;
  found: string;
  /** What to look at, as a sentence. */
  look: string;
  /** Whether it may pass by itself while a new deployment settles: roles that spread, a host that starts. */
  settles?: boolean;
}

/** A step did not go as it should. */
export class StepFailure extends Error {
  readonly details: FailureDetails;

  constructor(details: FailureDetails) {
    super(`expected ${details.expected}, found ${details.found}`);
    this.details = details;
  }
}

export interface StepsOptions {
  print: (line: string) => void;
  /** Minutes for which steps are tried again that may pass by themselves; 0 for not at all. */
  waitMinutes: number;
  /** Milliseconds between two tries. */
  pause?: number;
}

/** Tells a step's line from what it hands on. */
export type Done<T> = [said: string, value: T];

/** Runs a step: prints what it says was done, and answers its value. Throws what it threw, after printing that. */
export type RunStep = <T>(name: string, action: () => Promise<Done<T>>) => Promise<T>;

/** Steps that share one time to wait for a deployment that settles. */
export function createSteps({ print, waitMinutes, pause = 10_000 }: StepsOptions): RunStep {
  const deadline = Date.now() + waitMinutes * 60_000;
  return async (name, action) => {
    for (;;) {
      try {
        const [said, value] = await action();
        print(`✓ ${name}: ${said}`);
        return value;
      } catch (error) {
        if (error instanceof StepFailure && error.details.settles && Date.now() + pause < deadline) {
          print(`… ${name}: ${error.details.found}; trying again`);
          await wait(pause);
          continue;
        }
        print(describe(name, error));
        throw error;
      }
    }
  };
}

function describe(name: string, error: unknown): string {
  if (!(error instanceof StepFailure))
    return `✗ ${name}: ${error instanceof Error ? error.stack : String(error)}`;
  const { expected, found, look } = error.details;
  return `✗ ${name}\n  expected: ${expected}\n  found:    ${found}\n  look at:  ${look}`;
}
