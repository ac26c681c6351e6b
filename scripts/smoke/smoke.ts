/** The smoke test of a deployment, from its address to a message that has gone round, and nothing left behind. */
import { randomUUID } from 'node:crypto';
import { connect, createRoom, deleteRoom, readHistory, sendAndReceive, type Talk } from './conversation.ts';
import { findDeployment } from './deployment.ts';
import { guarded, handshake, healthy, preflight } from './edge.ts';
import { goAway, signIn } from './person.ts';
import { Api } from './requests.ts';
import { createSteps, type RunStep, type StepsOptions } from './step.ts';

export interface SmokeOptions extends StepsOptions {
  /** Of the page or of the API. */
  address: string;
  /** Access token of a person, where the deployment offers neither guests nor accounts. */
  token?: string | undefined;
  /** Subscription key of API Management, where that stands before the app. */
  key?: string | undefined;
  /** Address of the function app, which Web PubSub calls, where the API's is that of API Management. */
  functionApp?: string | undefined;
  /** Seconds until a connection is open, and until a message is back. */
  deadlineSeconds: number;
}

/** Runs every step, printing a line each. @returns whether all went well; steps after a failed one are not run. */
export async function smoke({
  address,
  token,
  key,
  functionApp,
  deadlineSeconds,
  ...options
}: SmokeOptions): Promise<boolean> {
  const step = createSteps(options);
  try {
    const { page, ...found } = await step('address', () => findDeployment(address, key));
    const api = new Api(found.api, key);
    const webhook = functionApp === undefined ? api : new Api(`${new URL(functionApp).origin}/api`);
    if (page === undefined) options.print('- preflight: not checked; give the address of the page for it');
    else await step('preflight', () => preflight(api, page));
    await step('health', () => healthy(api));
    await step('webhook handshake', () => handshake(webhook));
    await step('webhook guard', () => guarded(webhook));
    await converse(step, { api, token, deadline: deadlineSeconds * 1000 });
    return true;
  } catch {
    // The step has printed what it was.
    return false;
  }
}

async function converse(
  step: RunStep,
  { token, ...rest }: Omit<Talk, 'token'> & { token: string | undefined },
) {
  const person = await step('signing in', () => signIn(rest.api, token));
  const talk = { ...rest, token: person.token };
  const cleanUp: (() => Promise<void>)[] = [];
  if (person.made) cleanUp.push(() => step('signing out for good', () => goAway(talk.api, person)));
  try {
    const roomId = randomUUID();
    await step('creating a room', () => createRoom(talk, roomId));
    cleanUp.unshift(() => step('deleting the room', () => deleteRoom(talk, roomId)));
    const listener = await step('connecting', () => connect(talk));
    cleanUp.unshift(() => Promise.resolve(listener.close()));
    const messageId = await step('sending', () => sendAndReceive(talk, roomId, listener));
    await step('history', () => readHistory(talk, roomId, messageId));
  } finally {
    await runAll(cleanUp);
  }
}

/** Each is tried, whatever became of those before it. Throws what the first of them threw. */
async function runAll(actions: (() => Promise<void>)[]): Promise<void> {
  const thrown: unknown[] = [];
  for (const action of actions) await action().catch((error: unknown) => thrown.push(error));
  if (thrown.length > 0) throw thrown[0];
}
