/** What clients made of rules, and what is on its way between entities, after a restart. */
import rhea from 'rhea';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { emulatorConfig, NamespaceProcess } from './namespace-process.ts';
import { next, RawClient } from './raw-client.ts';

const { types } = rhea;
const taking = { snd_settle_mode: 1 };
const config = (forwardTo: string, rules: unknown[]) =>
  emulatorConfig({
    Queues: [{ Name: 'from', Properties: { ForwardTo: forwardTo } }, { Name: 'to' }],
    Topics: [{ Name: 't', Subscriptions: [{ Name: 's', Rules: rules }] }],
  });

let bus: NamespaceProcess;
let client: RawClient;
beforeEach(async () => {
  bus = await NamespaceProcess.start(config('', []));
  client = await RawClient.connect(bus.port);
});
afterEach(async () => {
  client.close();
  await bus.remove();
});

const restart = async (contents: unknown) => {
  await bus.kill();
  writeFileSync(join(bus.folder, 'config.json'), JSON.stringify(contents));
  await bus.startAgain();
  client = await RawClient.connect(bus.port);
};
const manage = (operation: string, body: object) =>
  client.manage('t/Subscriptions/s', `com.microsoft:${operation}`, body);
const names = async () => {
  const { body } = await manage('enumerate-rules', { top: types.wrap_int(10), skip: types.wrap_int(0) });
  const rules = (body as { rules: { 'rule-description': { value: { value: string }[] } }[] }).rules;
  return rules.map((each) => each['rule-description'].value[2]!.value);
};
const correlation = {
  'rule-name': 'mine',
  'rule-description': { 'correlation-filter': { label: 'x', properties: { time: 5, at: new Date(7) } } },
};

it('keeps added rules over a restart, until the file has others', async () => {
  expect(await manage('add-rule', correlation)).toMatchObject({ statusCode: 200 });
  expect(await manage('remove-rule', { 'rule-name': '$default' })).toMatchObject({ statusCode: 200 });
  await restart(config('', []));
  expect(await names()).toEqual(['mine']);
  const sender = await client.sender('t');
  const send = (at: number) =>
    client.send(sender, {
      subject: 'x',
      body: at,
      application_properties: { time: 5, at: new Date(at) },
    });
  expect([await send(8), await send(7)]).toEqual(['accepted', 'accepted']);
  expect((await next(await client.receiver('t/Subscriptions/s', taking))).message['body']).toBe(7);
  await restart(config('', [{ Name: 'declared' }]));
  expect(await names()).toEqual(['declared']);
});

it.each([
  ['a name that is taken', 'add-rule', { ...correlation, 'rule-name': '$Default' }, 409],
  ['no filter', 'add-rule', { 'rule-name': 'r', 'rule-description': {} }, 400],
  ['no name', 'add-rule', { 'rule-description': correlation['rule-description'] }, 400],
  ['a name that is not there', 'remove-rule', { 'rule-name': 'r' }, 404],
])('refuses %s', async (_what, operation, body, statusCode) => {
  expect(await manage(operation, body)).toMatchObject({ statusCode });
  expect(await client.manage('to', `com.microsoft:${operation}`, body)).toMatchObject({
    errorCondition: 'amqp:not-allowed',
  });
});

it('forwards what was there before it was told to', async () => {
  await client.send(await client.sender('from'), { body: 'old' });
  await restart(config('to', []));
  const { message } = await next(await client.receiver('to', taking));
  expect(message).toMatchObject({
    body: 'old',
    message_annotations: { 'x-opt-enqueue-sequence-number': 1 },
  });
});
