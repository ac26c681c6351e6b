/** Limits: how much one may do in a while, seen by every instance, and what that costs. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { take } from '../../../functions/limits/limits.ts';
import { newId } from '../../../functions/platform/ids.ts';
import type { ProblemError } from '../../../functions/platform/problem.ts';
import { startWorld, type World } from '../messages/world.ts';

interface Instance {
  take: typeof take;
  ProblemError: typeof ProblemError;
}

let world: World;
let time = Date.now();
/** Requests to table `limits` so far. */
let requests = 0;
beforeAll(async () => {
  world = await startWorld();
  process.env['LIMITS'] = 'on';
});
afterAll(() => world.stop());
beforeEach(() => {
  world.line.fate = ({ path }) => {
    if (path.startsWith('/limits')) requests += 1;
    return 'pass';
  };
});
afterEach(() => {
  vi.resetModules();
});

/** An instance of the app: a module graph of its own, with the clock of this test. */
async function instance(skew = 0): Promise<Instance> {
  vi.resetModules();
  const { clock } = await import('../../../functions/platform/clock.ts');
  const { settings } = await import('../../../functions/platform/settings.ts');
  clock.now = () => new Date(time + skew);
  settings().LIMITS = 'on';
  const { take } = await import('../../../functions/limits/limits.ts');
  const { ProblemError } = await import('../../../functions/platform/problem.ts');
  return { take, ProblemError };
}

/** Seconds to wait; 0 where it may be done. */
async function ask({ take, ProblemError }: Instance, user: string, what: 'publish' | 'create_room') {
  try {
    await take(user, what);
    return 0;
  } catch (error) {
    if (error instanceof ProblemError && error.code === 'too_many_requests')
      return error.more.retryAfterSeconds ?? -1;
    throw error;
  }
}

/** How many acts of `count`, taken by turns at these instances, were let through. */
async function passed(instances: Instance[], user: string, count: number): Promise<number> {
  const answers: number[] = [];
  for (let act = 0; act < count; act += 1)
    answers.push(await ask(instances[act % instances.length]!, user, 'publish'));
  return answers.filter((seconds) => seconds === 0).length;
}

describe('a limit', () => {
  it('lets as much through as the bucket holds, then says how long to wait, and means it', async () => {
    const [one, user] = [await instance(), newId()];
    expect(await passed([one], user, 200)).toBe(120);
    const wait = await ask(one, user, 'publish');
    expect(wait).toBe(1);
    time += wait * 1_000;
    expect(await ask(one, user, 'publish')).toBe(0);
  });

  it('is one for all instances, whatever their clocks say', async () => {
    const instances = [await instance(), await instance(1_000), await instance(-1_000)];
    // The clock that is fast fills it by a second once.
    const through = await passed(instances, newId(), 300);
    expect(through).toBeGreaterThanOrEqual(120);
    expect(through).toBeLessThanOrEqual(130);
  });

  it('is not passed by asking many times at one instant', async () => {
    const instances = [await instance(), await instance(), await instance()];
    const user = newId();
    const answers = await Promise.all(
      Array.from({ length: 300 }, (_, act) => ask(instances[act % 3]!, user, 'publish')),
    );
    expect(answers.filter((seconds) => seconds === 0).length).toBe(120);
  });

  it('holds back nobody else, and nothing else of the same person', async () => {
    const [one, user] = [await instance(), newId()];
    await passed([one], user, 200);
    expect(await ask(one, user, 'publish')).toBeGreaterThan(0);
    expect(await ask(one, user, 'create_room')).toBe(0);
    expect(await ask(one, newId(), 'publish')).toBe(0);
  });

  it('is full again after a while, and never fuller', async () => {
    const [one, user] = [await instance(), newId()];
    await passed([one], user, 200);
    time += 3_600_000;
    expect(await passed([one], user, 300)).toBe(120);
  });

  it('lets more through at once by at most what each instance had taken before', async () => {
    const [one, two, user] = [await instance(), await instance(), newId()];
    await passed([one, two], user, 2);
    time += 3_600_000;
    expect(await passed([one, two], user, 400)).toBe(120 + 2 * 19);
  });

  it('costs the storage two requests in twenty acts', async () => {
    const [one, user] = [await instance(), newId()];
    const before = requests;
    await passed([one], user, 100);
    // The first time the table is made as well.
    expect(requests - before).toBeLessThanOrEqual(2 * 5 + 1);
  });

  it('takes any subject for a key', async () => {
    const one = await instance();
    for (const subject of ['a/b\\c#d?e', 'service:x', '2001:db8:0:1::/64']) {
      expect(await ask(one, subject, 'create_room')).toBe(0);
    }
  });
});
