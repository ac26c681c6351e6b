/** Waiting until addresses answer with 200, and saying what they answer meanwhile. Free of dependencies. */
import { setTimeout as wait } from 'node:timers/promises';

/** Milliseconds between two tries, and for an answer to come: a first start may take long. */
const interval = 2_000;
const patience = 30_000;

/** Waits until each address answers 200; answers undefined, or what the last one said when `deadline` had passed. */
export async function untilAnswering(addresses: string[], deadline: number): Promise<string | undefined> {
  for (const address of addresses) {
    let said: string | undefined;
    for (;;) {
      const now = await ask(address);
      if (now === undefined) break;
      if (now !== said) console.log(now);
      said = now;
      if (Date.now() + interval > deadline) return now;
      await wait(interval);
    }
  }
  return undefined;
}

/** Nothing where the address answers 200, else a sentence. */
async function ask(address: string): Promise<string | undefined> {
  try {
    const response = await fetch(address, { signal: AbortSignal.timeout(patience) });
    const text = await response.text();
    return response.ok ? undefined : `${address} answers ${response.status} ${text.slice(0, 300)}`;
  } catch (error) {
    const { message, cause } = error as Error;
    return `${address} does not answer: ${cause instanceof Error ? cause.message : message}`;
  }
}
