/** The timer trigger, on a running host. Schedules themselves are in schedule.test.ts. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { until } from '../../support/until.ts';
import { Recorder } from './recorder.ts';
import { appCode, startHost, temporaryApp, type RunningHost, type TemporaryApp } from './running-host.ts';

interface Timer {
  isPastDue: boolean;
  schedule: { adjustForDST: boolean };
  scheduleStatus: { next: string } | null;
}

let recorder: Recorder;
let host: RunningHost | undefined;
let app: TemporaryApp | undefined;
beforeEach(async () => {
  recorder = await Recorder.start();
});
afterEach(async () => {
  recorder.stop();
  await host?.stop();
  app?.remove();
  host = app = undefined;
});

const timer = (name: string, options: string): string => `
  app.timer('${name}', {
    ${options},
    handler: async (input, context) => {
      const report = { input, metadata: { triggerMetadata: context.triggerMetadata ?? null, retry: context.retryContext ?? null } };
      const answer = await fetch('${recorder.url}/${name}', { method: 'POST', body: JSON.stringify(report) });
      if (!answer.ok) throw new Error('The test says no');
    },
  });`;

async function start(code: string, args: string[] = []): Promise<RunningHost> {
  app = temporaryApp({ 'index.cjs': appCode(code) });
  host = await startHost(app.folder, { args });
  return host;
}

const never = "schedule: '0 0 0 29 2 1'";

describe('a timer', () => {
  it('fires on its schedule, again and again, but not while it runs', async () => {
    const everySecond = "schedule: '* * * * * *'";
    await start(timer('often', everySecond) + timer('other', everySecond));
    recorder.decide = (report) => report.functionName === 'other' && report.pass();
    const first = await until(() => recorder.of('often')[0]);
    expect(first.input).toMatchObject({ isPastDue: false, schedule: { adjustForDST: true } });
    expect(first.metadata).toMatchObject({ triggerMetadata: null, retry: null });
    // The other timer shows that the moments to fire come and go.
    await until(() => recorder.of('other').length >= 3);
    expect(recorder.of('often')).toHaveLength(1);
    first.pass();
    await until(() => recorder.of('often')[1]);
  });

  it('may be a length of time', async () => {
    await start(timer('interval', "schedule: '00:00:01'"));
    const first = await until(() => recorder.of('interval')[0]);
    expect(first.input).toMatchObject({ schedule: { adjustForDST: false } });
  });

  it('with runOnStartup fires at the start', async () => {
    const running = await start(timer('early', `${never}, runOnStartup: true`));
    await until(() => recorder.of('early')[0]);
    expect(running.output()).toContain('UnscheduledInvocationReason: RunOnStartup');
    expect(running.output()).toMatch(/Executing 'Functions\.early' \(Reason='Timer fired at \d{4}-.*', Id=/);
  });

  it('runs when it is told to by hand', async () => {
    const running = await start(timer('manual', never));
    const post = (name: string, body: string): Promise<Response> =>
      fetch(`${running.url}/admin/functions/${name}`, { method: 'POST', body });
    expect((await post('manual', '{"input":"x"}')).status).toBe(202);
    expect((await until(() => recorder.of('manual')[0])).input).toMatchObject({ isPastDue: false });
    expect((await post('manual', '')).status).toBe(400);
    expect((await post('absent', '{}')).status).toBe(404);
  });

  it('that fails is tried again as its retry policy says', async () => {
    await start(
      timer(
        'stubborn',
        `${never}, runOnStartup: true, retry: { strategy: 'fixedDelay', delayInterval: 0, maxRetryCount: 2 }`,
      ),
    );
    recorder.decide = (report) => report.fail();
    await until(() => host?.output().match(/Executed 'Functions\.stubborn' \(Failed/g)?.length === 3);
    expect(recorder.of('stubborn').map(({ metadata }) => metadata['retry'])).toMatchObject([
      null,
      { retryCount: 1, maxRetryCount: 2 },
      { retryCount: 2, maxRetryCount: 2 },
    ]);
  });
});

it('a timer that was due while the host was off fires at the start and says that it is late', async () => {
  const data = mkdtempSync(join(tmpdir(), 'functions-host-timers-'));
  const past = '2020-01-01T00:00:00.000Z';
  writeFileSync(
    join(data, 'timers.json'),
    JSON.stringify({ late: { last: past, lastUpdated: past, next: past } }),
  );
  await start(timer('late', never), ['--data', data]);
  const { input } = await until(() => recorder.of('late')[0]);
  expect(input as Timer).toMatchObject({
    isPastDue: true,
    scheduleStatus: { next: '2020-01-01T00:00:00.000+00:00' },
  });
  await host?.stop();
  rmSync(data, { recursive: true, force: true });
});
