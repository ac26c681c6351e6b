/** Runs the suites of the official SDKs: against our service, or against the one that a variable names. */
import { afterAll, beforeAll } from 'vitest';
import { clientSuite } from '../../suites/web-pubsub/client-suite.ts';
import { restSuite } from '../../suites/web-pubsub/rest-suite.ts';
import { streamSuite } from '../../suites/web-pubsub/stream-suite.ts';
import type { Target } from '../../suites/web-pubsub/target.ts';
import { startServiceProcess, type RunningService } from './running-service.ts';

const { WEB_PUBSUB_TEST_CONNECTION_STRING: given, WEB_PUBSUB_TEST_HUB: hub = 'conformance' } = process.env;
let service: RunningService | undefined;

beforeAll(async () => {
  if (!given) service = await startServiceProcess();
});
afterAll(() => service?.stop());

const target = (): Target => ({ connectionString: given ?? service!.connectionString, hub });

clientSuite(target);
restSuite(target);
streamSuite(target);
