/** The file of Microsoft's emulator: what is read from it, and what is refused by its name. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseDuration } from '../../../local/service-bus/config/duration.ts';
import { readEmulatorFile } from '../../../local/service-bus/config/emulator-file.ts';
import { emulatorConfig } from './namespace-process.ts';

let folder: string;
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'emulator-file-'))));
afterAll(() => rmSync(folder, { recursive: true }));

function read(content: unknown) {
  const file = join(folder, 'config.json');
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  return readEmulatorFile(file);
}

const queueWith = (properties: object) => emulatorConfig({ Queues: [{ Name: 'q', Properties: properties }] });
const ruleWith = (properties: object) =>
  emulatorConfig({
    Topics: [{ Name: 't', Subscriptions: [{ Name: 's', Rules: [{ Name: 'r', Properties: properties }] }] }],
  });

describe('the file', () => {
  it('has the defaults of the emulator', () => {
    const { Queues } = read(emulatorConfig({ Queues: [{ Name: 'q' }] }));
    expect(Queues[0]!.Properties).toMatchObject({
      DefaultMessageTimeToLive: 3_600_000,
      DuplicateDetectionHistoryTimeWindow: 20_000,
      LockDuration: 60_000,
      MaxDeliveryCount: 3,
      RequiresDuplicateDetection: false,
      DeadLetteringOnMessageExpiration: false,
    });
  });

  it('reads the one of this repository, and the one of the suites', () => {
    for (const file of ['local/config/service-bus.json', 'tests/suites/service-bus/config.json']) {
      expect(readEmulatorFile(file).Topics.length).toBeGreaterThan(0);
    }
  });

  it('takes what it serves in the words of the emulator', () => {
    read(queueWith({ RequiresSession: false, ForwardTo: '', ForwardDeadLetteredMessagesTo: '' }));
    read(ruleWith({ FilterType: 'Sql', SqlFilter: { SqlExpression: '1=1' } }));
  });

  it.each([
    ['text that is not JSON', '{', 'not JSON'],
    ['a file of another kind', {}, 'UserConfig'],
    ['forwarding to nothing', queueWith({ ForwardTo: 'other' }), '"other"'],
    ['forwarding to itself', queueWith({ ForwardDeadLetteredMessagesTo: 'Q' }), 'itself'],
    ['a duration that is none', queueWith({ LockDuration: '5 minutes' }), '5 minutes'],
    ['a lock that lasts no time', queueWith({ LockDuration: 'PT0S' }), 'PT0S'],
    ['a property that is misspelt', queueWith({ LockDuraton: 'PT5M' }), 'LockDuraton'],
    ['a name that is there twice', emulatorConfig({ Queues: [{ Name: 'q' }, { Name: 'Q' }] }), 'twice'],
    ['a filter of another kind', ruleWith({ FilterType: 'Xml' }), 'FilterType'],
    [
      'a filter that cannot be read',
      ruleWith({ FilterType: 'Sql', SqlFilter: { SqlExpression: 'a =' } }),
      'a value is wanted',
    ],
    [
      'a property that cannot be compared',
      ruleWith({ FilterType: 'Correlation', CorrelationFilter: { Subject: 'x' } }),
      'Subject',
    ],
  ])('is refused with %s', (_what, content, named) => {
    expect(() => read(content)).toThrow(named);
  });
});

describe('a duration', () => {
  it.each([
    ['P14D', 1_209_600_000],
    ['PT1M', 60_000],
    ['PT1H30M', 5_400_000],
    ['P1DT0.5S', 86_400_500],
    ['P10675199DT2H48M5.4775807S', 922_337_203_685_478],
    ['P', undefined],
    ['PT', undefined],
    ['P1M', undefined],
    ['1', undefined],
  ])('%s is %s milliseconds', (text, milliseconds) => {
    expect(parseDuration(text)).toBe(milliseconds);
  });
});
