/**
 * One run: some instances do one thing each, at the same time and in the order that the scheduler draws; some of them
 * die. Then everything settles: what is left is swept, routed and erased, and what holds is judged.
 */
import { setImmediate as settled } from 'node:timers/promises';
import type { Scheduler } from 'fast-check';
import { vi } from 'vitest';
import { Instance } from './instance.ts';
import { judgeAlways, judgeInTheEnd } from './judge.ts';
import { Line, type Fate } from './line.ts';
import { eraseAll, routeAll, sweepAll, type Operation } from './operations.ts';
import { Services } from './services.ts';
import { Stage } from './stage.ts';

export interface Part extends Fate {
  operation: Operation;
}

/** What became of a part, and whether it came to where it was to sleep. `dead`: its instance died first. `refused`: with a problem. */
export interface Ending {
  kind: 'done' | 'refused' | 'dead';
  slept: boolean;
  /** Of the problem that it was refused with. */
  code?: string;
}

/** How many instances are at work at once. */
export const most = 4;

/** Instances for any number of runs: loading them takes longer than a run. */
export class Races {
  readonly #instances: Instance[];
  #runs = 0;

  private constructor(instances: Instance[]) {
    this.#instances = instances;
  }

  static async open(): Promise<Races> {
    // Some parts of an instance do things by themselves after seconds, which no scheduler would know of.
    vi.useFakeTimers({ toFake: ['setTimeout'] });
    // What fails in an instance that has died is nobody's business.
    vi.spyOn(console, 'error').mockImplementation(() => {});
    Object.assign(process.env, {
      AzureWebJobsStorage: 'UseDevelopmentStorage=true',
      ServiceBusConnection: 'Endpoint=sb://nowhere',
      WebPubSubConnectionString: 'Endpoint=http://nowhere;AccessKey=none;Version=1.0;',
      WEBHOOK_CODE: 'a-code-for-tests-only',
      SESSION_SIGNING_KEY: 'a-key-for-tests-only-0123456789-0123456789',
    });
    const instances: Instance[] = [];
    while (instances.length <= most) instances.push(await Instance.load(instances.length));
    return new Races(instances);
  }

  /** Prepares, runs the parts at once, settles, and judges. Answers how each part ended. */
  async run(scheduler: Scheduler, prepare: Operation[], parts: Part[]): Promise<Ending[]> {
    const stage = new Stage(new Services((this.#runs += 1)));
    const lines: Line[] = [];
    const together = async (some: Part[]): Promise<Ending[]> => {
      const ends: Omit<Ending, 'slept'>[] = some.map(() => ({ kind: 'dead' }));
      const failures: unknown[] = [];
      const these = some.map(({ operation, ...fate }, index) => {
        // The first is kept for what comes before and after, and never dies.
        const instance = this.#instances[some === parts ? index + 1 : 0]!;
        const line = new Line(scheduler, `${index}: ${operation.what}:`, fate);
        instance.enter(stage.services, line);
        begin(instance, operation, stage).then(
          (end) => (ends[index] = end),
          (failure: unknown) => line.isDead || failures.push(failure),
        );
        return line;
      });
      lines.push(...these);
      await drain(scheduler, stage, these);
      for (const failure of failures) throw failure;
      for (const [index, line] of these.entries()) {
        if (ends[index]?.kind === 'dead' && !line.isDead)
          throw new Error(`It hangs: ${some[index]?.operation.what}`);
      }
      return these.map(({ slept }, index) => ({ kind: 'dead', ...ends[index], slept }));
    };
    try {
      for (const operation of prepare) await together([{ operation }]);
      const endings = await together(parts);
      for (const operation of [sweepAll, routeAll, eraseAll, sweepAll]) await together([{ operation }]);
      judgeInTheEnd(stage);
      return endings;
    } finally {
      for (const line of lines) line.bury();
      await settled();
    }
  }
}

async function begin({ app }: Instance, operation: Operation, stage: Stage): Promise<Omit<Ending, 'slept'>> {
  try {
    await operation.run(app, stage);
    return { kind: 'done' };
  } catch (error) {
    if (error instanceof app.ProblemError) return { kind: 'refused', code: error.code };
    throw error;
  }
}

/** One request after the other, until nobody asks for anything any more, nor sleeps. */
async function drain(scheduler: Scheduler, stage: Stage, lines: Line[]): Promise<void> {
  for (;;) {
    // Until nothing moves, however many promises stand between an answer and what follows it.
    await settled();
    if (scheduler.count() > 0) {
      await scheduler.waitNext(1);
      stage.services.pass(1);
      judgeAlways(stage);
    } else if (!lines.findLast((line) => line.wake())) return;
  }
}
