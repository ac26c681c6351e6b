/**
 * Runs functions for triggers: gives each invocation its id and trace, writes the lines that `func start` writes,
 * and sends what it puts out. It does not know the triggers.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import { Activity } from './activity.ts';
import type { App } from './app.ts';
import type { FunctionDefinition } from './catalogue.ts';
import { bindingData, evaluateBindings } from './expressions.ts';
import type { Log } from './log.ts';
import type { Binding, FromWorker } from './worker/protocol.ts';
import type { InvocationResponse, NamedData, RetryContext, TypedData } from './worker/typed-data.ts';
import { InvocationFailure } from './worker/worker-process.ts';

/** What a trigger has for a function. */
export interface Firing {
  /** Why the function runs, in the words of the real host's log. */
  reason: string;
  /** A line about what arrived. */
  details?: string;
  input: TypedData;
  triggerMetadata?: Record<string, TypedData>;
  /** A W3C trace parent that came with the input. */
  traceParent?: string | undefined;
  traceState?: string | undefined;
  retryContext?: RetryContext;
  invocationId?: string;
}

/** What input bindings of one kind give to an invocation. */
export type Inputs = (bindings: Record<string, Binding>, firing: Firing) => Promise<NamedData[]>;

/** Sends what a function gave to its output bindings of one kind. */
export type Output = (bindings: Record<string, Binding>, response: InvocationResponse) => Promise<void>;

const traceParentPattern = /^00-([0-9a-f]{32})-[0-9a-f]{16}-([0-9a-f]{2})$/;

export class Invocations {
  readonly activity = new Activity();
  #app: App;
  #log: Log;
  #inputs: Inputs;
  #outputs: Output[];
  /** Names of the functions that run, for the lines that they log. */
  #names = new Map<string, string>();

  constructor(app: App, log: Log, { inputs, outputs }: { inputs: Inputs; outputs: Output[] }) {
    this.#app = app;
    this.#log = log;
    this.#inputs = inputs;
    this.#outputs = outputs;
  }

  /** Runs a function once. Throws `InvocationFailure` (already logged) where it, or its output, failed. */
  async run(definition: FunctionDefinition, firing: Firing): Promise<InvocationResponse> {
    const { name, functionId, triggerName } = definition;
    const invocationId = firing.invocationId ?? randomUUID();
    const category = `Function.${name}`;
    const began = performance.now();
    const took = (): string => `Duration=${Math.round(performance.now() - began)}ms`;
    this.#log.write(
      'information',
      category,
      `Executing 'Functions.${name}' (Reason='${firing.reason}', Id=${invocationId})`,
    );
    if (firing.details) this.#log.write('information', category, firing.details);
    this.#names.set(invocationId, name);
    const end = this.activity.begin(name, invocationId);
    try {
      const { input, triggerMetadata = {} } = firing;
      const bindings = evaluateBindings(definition.bindings, triggerName, () =>
        bindingData(input, triggerMetadata),
      );
      const inputs = await this.#inputs(bindings, firing);
      const response = await this.#app.invoke(
        {
          invocationId,
          functionId,
          inputData: [{ name: triggerName, data: input }, ...inputs],
          triggerMetadata,
          traceContext: {
            traceParent: childOf(firing.traceParent),
            traceState: firing.traceState ?? '',
            attributes: {},
          },
          ...(firing.retryContext && { retryContext: firing.retryContext }),
        },
        name,
      );
      for (const output of this.#outputs) {
        // In the order of the kinds; the first that fails fails the invocation.
        // oxlint-disable-next-line no-await-in-loop
        await output(bindings, response);
      }
      this.#log.write(
        'information',
        category,
        `Executed 'Functions.${name}' (Succeeded, Id=${invocationId}, ${took()})`,
      );
      end();
      return response;
    } catch (error) {
      end(error instanceof Error ? error : new Error(String(error)));
      this.#log.write(
        'error',
        category,
        `Executed 'Functions.${name}' (Failed, Id=${invocationId}, ${took()})\n${describe(name, error)}`,
      );
      throw error;
    } finally {
      this.#names.delete(invocationId);
    }
  }

  /** Writes what an invocation logged through its context. */
  writeLine(line: Extract<FromWorker, { kind: 'log' }>): void {
    const name = line.invocationId === undefined ? undefined : this.#names.get(line.invocationId);
    const category =
      name === undefined ? 'Host.Worker' : `Function.${name}${line.category === 'user' ? '.User' : ''}`;
    this.#log.write(line.level, category, line.message);
  }
}

/** A span of our own in the caller's trace, or in a new one. */
function childOf(parent: string | undefined): string {
  const match = parent === undefined ? undefined : traceParentPattern.exec(parent);
  const traceId = match?.[1] ?? randomBytes(16).toString('hex');
  return `00-${traceId}-${randomBytes(8).toString('hex')}-${match?.[2] ?? '00'}`;
}

function describe(name: string, error: unknown): string {
  const first = `Exception while executing function: Functions.${name}.`;
  if (error instanceof InvocationFailure) {
    const { failure } = error;
    return `${first} Result: Failure\nException: ${failure.message}\nStack: ${failure.stack ?? ''}`;
  }
  return `${first} ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
}
