/**
 * What every Service Bus namespace does that the product relies on, told through the official SDK.
 * It runs against any namespace that has the entities of config.json, which lies beside this file:
 *
 * - against ours: `vitest run tests/local/service-bus/sdk.test.ts` starts one
 * - against Microsoft's emulator, started with that config.json, or against Azure, where the entities were made:
 *   `SERVICE_BUS_CONNECTION="Endpoint=sb://…" vitest run tests/local/service-bus/sdk.test.ts`
 */
import { ServiceBusClient } from '@azure/service-bus';
import { afterAll, beforeAll, describe } from 'vitest';
import { deadLettersSuite } from './dead-letters.ts';
import { deferringSuite } from './deferring.ts';
import { duplicatesSuite } from './duplicates.ts';
import { expirySuite } from './expiry.ts';
import { forwardingSuite } from './forwarding.ts';
import { locksSuite } from './locks.ts';
import { peekingSuite } from './peeking.ts';
import { receivingSuite } from './receiving.ts';
import { rulesSuite } from './rules.ts';
import { schedulingSuite } from './scheduling.ts';
import { sendingSuite } from './sending.ts';
import { sessionsSuite } from './sessions.ts';
import { topicsSuite } from './topics.ts';

/** Declares all tests. `connectionString` is asked once, when they begin. */
export function serviceBusSuite(connectionString: () => string): void {
  let client: ServiceBusClient;
  const bus = () => client;

  beforeAll(() => {
    // Without retries: a refusal that the SDK would repeat is then seen at once.
    client = new ServiceBusClient(connectionString(), { retryOptions: { maxRetries: 0 } });
  });
  afterAll(() => client.close());

  describe('sending', () => sendingSuite(bus));
  describe('receiving', () => receivingSuite(bus));
  describe('locks', () => locksSuite(bus));
  describe('deferring', () => deferringSuite(bus));
  describe('dead letters', () => deadLettersSuite(bus));
  describe('scheduling', () => schedulingSuite(bus));
  describe('peeking', () => peekingSuite(bus));
  describe('duplicate detection', () => duplicatesSuite(bus));
  describe('expiry', () => expirySuite(bus));
  describe('forwarding', () => forwardingSuite(bus));
  describe('rules', () => rulesSuite(bus));
  describe('sessions', () => sessionsSuite(bus));
  describe('topics', () => topicsSuite(bus));
}
