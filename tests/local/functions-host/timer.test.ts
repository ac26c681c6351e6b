/** The timer trigger, on a running host. Schedules themselves are in schedule.test.ts. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { until } from '../../support/until.ts';
import { Recorder } from './recorder.ts';
import { appCode, startHost, temporaryApp, type RunningHost, type TemporaryApp } from './running-host.ts';

const never = "schedule: '0 0 0 29 2 1'";
const everySecond = "schedule: '* * * * * *'";
const retry = "retry: { strategy: 'fixedDelay', delayInterval: 0, maxRetryCount: 2 }";
const timers = {
  often: everySecond,
  other: everySecond,
  interval: "schedule: '00:00:01'",
  early: `${never}, runOnStartup: true`,
  manual: never,
  stubborn: `${never}, runOnStartup: true, ${retry}`,
  late: never,
};

let recorder: Recorder;
let host: RunningHost;
let app: TemporaryApp;
const data = mkdtempSync(join(tmpdir(), 'functions-host-timers-'));

beforeAll(async () => {
  recorder = await Recorder.start();
  // One timer waits for the test to let it go, one always fails, the others end at once.
  recorder.decide = (report) => {
    if (report.functionName === 'stubborn') report.fail();
    else if (report.functionName !== 'often') report.pass();
  };
  const past = '2020-01-01T00:00:00.000Z';
  const late = { last: past, lastUpdated: past, next: past };
  writeFileSync(join(data, 'timers.json'), JSON.stringify({ late }));
  const code = Object.entries(timers).map(
    ([name, options]) => `app.timer('${name}', { ${options}, handler: report });`,
  );
  app = temporaryApp({
    'index.cjs': appCode(`
      async function report(input, context) {
        const metadata = { triggerMetadata: context.triggerMetadata ?? null, retry: context.retryContext ?? null };
        const body = JSON.stringify({ input, metadata });
        const answer = await fetch('${recorder.url}/' + context.functionName, { method: 'POST', body });
        if (!answer.ok) throw new Error('The test says no');
      }
      ${code.join('\n')}`),
  });
  host = await startHost(app.folder, { args: ['--data', data] });
});
afterAll(async () => {
  recorder.stop();
  await host.stop();
  app.remove();
  rmSync(data, { recursive: true, force: true });
});

it('fires on its schedule, again and again, but not while it runs', async () => {
  const first = await until(() => recorder.of('often')[0]);
  expect(first.input).toMatchObject({ isPastDue: false, schedule: { adjustForDST: true } });
  expect(first.metadata).toMatchObject({ triggerMetadata: null, retry: null });
  // The other timer shows that the moments to fire come and go.
  const seen = recorder.of('other').length;
  await until(() => recorder.of('other').length >= seen + 2);
  expect(recorder.of('often')).toHaveLength(1);
  first.pass();
  await until(() => recorder.of('often')[1]);
});

it('may be a length of time', async () => {
  const first = await until(() => recorder.of('interval')[0]);
  expect(first.input).toMatchObject({ schedule: { adjustForDST: false } });
});

it('with runOnStartup fires at the start', async () => {
  await until(() => recorder.of('early')[0]);
  expect(host.output()).toContain('UnscheduledInvocationReason: RunOnStartup');
  expect(host.output()).toMatch(/Executing 'Functions\.early' \(Reason='Timer fired at \d{4}-.*', Id=/);
});

it('that was due while the host was off fires at the start and says that it is late', async () => {
  const { input } = await until(() => recorder.of('late')[0]);
  expect(input).toMatchObject({ isPastDue: true, scheduleStatus: { next: '2020-01-01T00:00:00.000+00:00' } });
});

it('runs when it is told to by hand', async () => {
  const post = (name: string, body: string): Promise<Response> =>
    fetch(`${host.url}/admin/functions/${name}`, { method: 'POST', body });
  expect((await post('manual', '{"input":"x"}')).status).toBe(202);
  expect((await until(() => recorder.of('manual')[0])).input).toMatchObject({ isPastDue: false });
  expect((await post('manual', '')).status).toBe(400);
  expect((await post('absent', '{}')).status).toBe(404);
});

it('that fails is tried again as its retry policy says', async () => {
  await until(() => host.output().match(/Executed 'Functions\.stubborn' \(Failed/g)?.length === 3);
  expect(recorder.of('stubborn').map(({ metadata }) => metadata['retry'])).toMatchObject([
    null,
    { retryCount: 1, maxRetryCount: 2 },
    { retryCount: 2, maxRetryCount: 2 },
  ]);
});

it('stops while the host drains, and goes on when it is resumed', async () => {
  const admin = async (method: string, path: string): Promise<unknown> => {
    const answer = await fetch(`${host.url}/admin/host/${path}`, { method });
    const text = await answer.text();
    return text === '' ? answer.status : JSON.parse(text);
  };
  expect(await admin('GET', 'drain/status')).toMatchObject({ state: 'Disabled' });
  expect(await admin('POST', 'drain')).toBe(202);
  const activity = (await admin('GET', 'activity')) as { functions: { name: string; state: string }[] };
  expect(activity.functions.find(({ name }) => name === 'other')?.state).toBe('stopped');
  // One still runs until the test lets it go.
  recorder.of('often').at(-1)?.pass();
  await until(async () => {
    const { state } = (await admin('GET', 'drain/status')) as { state: string };
    return state === 'Completed';
  });
  expect(await admin('POST', 'resume')).toEqual({ state: 'Running' });
  const seen = recorder.of('other').length;
  await until(() => recorder.of('other').length > seen);
});
