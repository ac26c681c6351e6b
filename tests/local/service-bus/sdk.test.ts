/** The official SDK against our namespace; or against another, see tests/suites/service-bus/suite.ts. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe } from 'vitest';
import { serviceBusSuite } from '../../suites/service-bus/suite.ts';
import { NamespaceProcess } from './namespace-process.ts';

const elsewhere = process.env['SERVICE_BUS_CONNECTION'];

describe(elsewhere ? 'the namespace of SERVICE_BUS_CONNECTION' : 'the local namespace', () => {
  let started: NamespaceProcess | undefined;

  beforeAll(async () => {
    if (elsewhere) return;
    // Five seconds are the least that others allow; ours need not be waited for.
    const config = readFileSync('tests/suites/service-bus/config.json', 'utf8').replaceAll('PT5S', 'PT1S');
    started = await NamespaceProcess.start(JSON.parse(config));
  });
  afterAll(() => started?.remove());

  serviceBusSuite(() => elsewhere ?? started!.connectionString);
});
